"""One stay's file as records: who was admitted, one Reading for each time and device, what became of it."""

import math
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

from models import codec
from models.events import Measurement, Outcome, PatientContext, Reading
from producers.entry import Entry
from producers.replay.physionet2012.parameters import DEVICES, PARAMETERS, WARDS, Device

_HEADER = "Time,Parameter,Value"
_DESCRIPTORS = {"RecordID", "Age", "Gender", "ICUType"}
_NOT_RECORDED = {"Age", "Gender", "Height", "ICUType", "Weight"}
_SEXES: dict[float, Literal["female", "male"]] = {0: "female", 1: "male"}
_DEVICE_ORDER = {device: order for order, device in enumerate(DEVICES)}

Panels = dict[tuple[int, Device], list[Measurement]]


def read_stay(record: int, content: bytes, admitted: datetime, died: bool | None, skipped: Counter[str]) -> list[Entry]:
    """The records of a file that is a stay, in time order; rows that can't be used are counted in `skipped` by kind."""
    _, *lines = content.decode().splitlines()
    about: dict[str, float] = {}
    panels: Panels = {}
    for line in lines:
        kind = _take(line, about, panels)
        if kind is not None:
            skipped[kind] += 1
    if died is None:
        skipped["no-outcome"] += 1
    return [*_entries(record, admitted, about, panels, died)]


def is_stay(content: bytes) -> bool:
    """Whether a file is text that begins as a stay does."""
    try:
        return [line.strip() for line in content.decode().splitlines()[:1]] == [_HEADER]
    except UnicodeDecodeError:
        return False


def _take(line: str, about: dict[str, float], panels: Panels) -> str | None:
    """Puts one row where it belongs, or names the kind of row that can't be used."""
    fields = line.strip().split(",")
    if len(fields) != 3:
        return "malformed-row"
    time, name, text = fields
    if not name:
        return "no-parameter"
    try:
        minute, value = _minute(time), _number(text)
    except ValueError:
        return "malformed-row"
    if value == -1 and name in _NOT_RECORDED:
        return "not-recorded"
    if name in _DESCRIPTORS:
        about[name] = value
        return None
    parameter = PARAMETERS.get(name)
    if parameter is None:
        return "unknown-parameter"
    in_unit = round(value * parameter.factor, 6)
    measurement = Measurement(code=parameter.code, value=in_unit, unit=parameter.unit)
    panels.setdefault((minute, parameter.device), []).append(measurement)
    return None


def _minute(time: str) -> int:
    hours, minutes = time.split(":")
    if not (hours.isdecimal() and minutes.isdecimal() and int(minutes) < 60):
        raise ValueError(time)
    return int(hours) * 60 + int(minutes)


def _number(text: str) -> float:
    value = float(text)
    if not math.isfinite(value) or "_" in text:
        raise ValueError(text)
    return value


def _entries(
    record: int, admitted: datetime, about: dict[str, float], panels: Panels, died: bool | None
) -> Iterator[Entry]:
    patient_id = f"p{record}"
    key = patient_id.encode()
    context = _context(record, admitted, about)
    yield Entry(codec.encode(context), f"admission of {patient_id}", key, admitted)
    at = admitted
    for minute, device in sorted(panels, key=lambda panel: (panel[0], _DEVICE_ORDER[panel[1]])):
        at = admitted + timedelta(minutes=minute)
        reading = _reading(f"{record}-{minute}-{device}", patient_id, device, at, panels[minute, device])
        count = len(reading.measurements)
        yield Entry(codec.encode(reading), reading.reading_id, key, at, None, reading.reading_id, count)
    if died is not None:
        outcome = Outcome(patient_id=patient_id, at=at, kind="death" if died else "discharge", origin="replay")
        yield Entry(codec.encode(outcome), f"outcome of {patient_id}", key, at)


def _context(record: int, admitted: datetime, about: dict[str, float]) -> PatientContext:
    """Only what the set tells: oxygen, consciousness and pregnancy are unknown until a reading says them."""
    return PatientContext(
        patient_id=f"p{record}",
        effective_at=admitted,
        age=about.get("Age"),
        sex=_SEXES.get(about.get("Gender", -1)),
        spo2_scale=1,
        setting="ward",
        ward=WARDS.get(about.get("ICUType", -1)),
        bed=str(record),
        origin="replay",
    )


def _reading(
    reading_id: str, patient_id: str, device: Device, at: datetime, measurements: list[Measurement]
) -> Reading:
    return Reading(
        reading_id=reading_id,
        patient_id=patient_id,
        device_id=f"{patient_id}-{device}",
        device_type=DEVICES[device],
        gateway_id="replay",
        effective_at=at,
        received_at=at,
        measurements=measurements,
        origin="replay",
    )
