"""A patient as it was before a record, to go back to should the record fail."""

from msgspec.structs import replace  # with no changes it copies, three times as fast as `copy.copy`

from models.picture import Device, Patient, Vital


def snapshot_of(patient: Patient) -> Patient:
    """The picture as it is now; nothing that befalls the patient from here on reaches it.

    What is changed in place is copied; what is frozen, or only ever replaced by another, is shared.
    """
    kept = replace(patient)
    kept.known = replace(patient.known)
    kept.known.told = patient.known.told.copy()
    kept.vitals = {code: _vital(vital) for code, vital in patient.vitals.items()}
    kept.devices = {device_id: _device(device) for device_id, device in patient.devices.items()}
    kept.begun = patient.begun.copy()
    kept.proposed = patient.proposed.copy()
    kept.alerts = [replace(alert) for alert in patient.alerts]
    kept.episode = None if patient.episode is None else replace(patient.episode)
    return kept


def _vital(vital: Vital) -> Vital:
    kept = replace(vital)
    kept.baseline = None if vital.baseline is None else replace(vital.baseline)
    return kept


def _device(device: Device) -> Device:
    kept = replace(device)
    kept.streams = {code: replace(stream) for code, stream in device.streams.items()}
    return kept
