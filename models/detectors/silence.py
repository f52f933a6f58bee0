"""A continuous stream that stopped: one technical alert a device, judged by event time."""

from msgspec.structs import replace

from models.alerting.verdict import Verdict
from models.device import Device, Patience
from models.events import Evidence, Priority
from models.instants import moment_of
from models.picture import Patient
from models.vital_signs import SIGNS
from models.wording import duration


def fell_silent(device: Device, now: int, patience: Patience) -> bool:
    """Marks the device's streams that are silent at `now`; whether any of them newly is."""
    newly = False
    for code, stream in device.streams.items():
        if not stream.is_silent and stream.is_overdue(now, patience):
            device.streams[code] = replace(stream, is_silent=True)
            newly = True
    return newly


def patience_with(device: Device, patience: Patience) -> int:
    """How long to wait for a device that is silent before that is told, in microseconds: the longest of its streams."""
    silent = [(stream.silent_from(patience), stream.last) for stream in device.streams.values() if stream.is_silent]
    return max((silent_from - last for silent_from, last in silent if silent_from is not None), default=0)


def look(patient: Patient, device_id: str, now: int) -> Verdict:
    """What a device's streams say of it being silent; the sign silent the longest gives the code."""
    device = patient.devices[device_id]
    silent = sorted((stream.last, code) for code, stream in device.streams.items() if stream.is_silent)
    open_alert = next((a for a in patient.alerts if a.kind == "no-data" and a.device_id == device_id), None)
    code = open_alert.code if open_alert else (silent[0][1] if silent else None)
    titles = ", ".join(SIGNS[code].title for _, code in silent)
    since = silent[0][0] if silent else now
    return Verdict(
        kind="no-data",
        code=code,
        device_id=device_id,
        category="technical",
        state="bad" if silent else "clear",
        priority=_priority(patient),
        at=since,
        reason=f"No data from device {device_id} for {duration(now - since)}: {titles}."
        if silent
        else f"Device {device_id} sends again.",
        clears_when=f"A fresh value of each silent sign comes from device {device_id}.",
        evidence=[Evidence(code=code, value=None, at=moment_of(last)) for last, code in silent],
    )


def _priority(patient: Patient) -> Priority:
    if patient.level == "high":
        return "high"
    return "low" if patient.known.setting == "home" else "medium"
