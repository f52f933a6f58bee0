"""A patient as it was before a record, to go back to should the record fail."""

from msgspec.structs import replace  # with no changes it copies, three times as fast as `copy.copy`

from models.alerting.subject import share_no_alerts
from models.picture import Patient


def snapshot_of(patient: Patient) -> Patient:
    """The picture as it is now; nothing that befalls the patient from here on reaches it.

    What is changed in place is copied; what is frozen, or only ever replaced by another, is shared.
    """
    kept = replace(patient)
    kept.known = replace(patient.known, told=patient.known.told.copy())
    kept.vitals = {code: replace(vital) for code, vital in patient.vitals.items()}
    kept.devices = {
        device_id: replace(device, streams=device.streams.copy()) for device_id, device in patient.devices.items()
    }
    kept.proposed = patient.proposed.copy()
    share_no_alerts(kept)
    return kept
