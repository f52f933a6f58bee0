"""Stress-Predict (Iqbal et al., Sensors 2022): heart and respiratory rate of volunteers, one value a second.

Each person is played at the time at which it was recorded; an hour each is little, so all of it is held at once.
Whether a second was one of stress is for evaluation: no record of the log says it.
"""

import math
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from models import codec
from models.events import Measurement, Outcome, PatientContext, Reading
from producers.entry import Entry
from producers.replay.table import Table, open_table

_COLUMNS = ("Participant", "Time(sec)", "HR", "respr")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CODES = ("8867-4", "9279-1")  # of the last two columns, both in /min


class _Second(NamedTuple):
    at: datetime
    row: int
    participant: str
    values: tuple[float | None, ...]


def read_table(path: Path) -> Table:
    """The set's one table; raises UnreadableRecordingError."""
    return open_table(path, _COLUMNS)


def recordings(table: Table, skipped: Counter[str], limit: int | None = None) -> Iterator[Entry]:
    """Every record in time order; who was recorded, a Reading a second, and a discharge with each one's last."""
    seconds = sorted(_limited(_seconds(table, skipped), limit))
    last = {second.participant: second.row for second in seconds}
    known: set[str] = set()
    for second in seconds:
        patient_id, at = f"stress-{second.participant}", second.at
        key = patient_id.encode()
        if second.participant not in known:
            known.add(second.participant)
            context = PatientContext(patient_id=patient_id, effective_at=at, origin="replay")
            yield Entry(codec.encode(context), f"arrival of {patient_id}", key, at)
        reading = _reading(patient_id, second, at)
        count = len(reading.measurements)
        yield Entry(codec.encode(reading), reading.reading_id, key, at, None, reading.reading_id, count)
        if last[second.participant] == second.row:
            outcome = Outcome(patient_id=patient_id, at=at, kind="discharge", origin="replay")
            yield Entry(codec.encode(outcome), f"outcome of {patient_id}", key, at)


def _seconds(table: Table, skipped: Counter[str]) -> Iterator[_Second]:
    for number, row in enumerate(table.rows(*_COLUMNS), start=1):
        try:
            second = _second(number, row)
        except (ValueError, OverflowError):
            skipped["malformed-row"] += 1
            continue
        if None in second.values:
            skipped["not-recorded"] += second.values.count(None)
        yield second


def _limited(seconds: Iterator[_Second], limit: int | None) -> Iterator[_Second]:
    """Those of the first so many people in the file's order."""
    people: set[str] = set()
    for second in seconds:
        if second.participant not in people and len(people) == limit:
            continue
        people.add(second.participant)
        yield second


def _second(number: int, row: tuple[str, ...] | None) -> _Second:
    if row is None or not row[0]:
        raise ValueError(row)
    participant, time, *texts = row
    at = _EPOCH + timedelta(seconds=int(time))
    return _Second(at, number, participant, tuple(_value(text) for text in texts))


def _value(text: str) -> float | None:
    if not text:
        return None
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def _reading(patient_id: str, second: _Second, at: datetime) -> Reading:
    return Reading(
        reading_id=f"{patient_id}-{second.row}",
        patient_id=patient_id,
        device_id=f"{patient_id}-wrist",
        device_type="wearable",
        gateway_id="replay",
        effective_at=at,
        received_at=at,
        measurements=[
            Measurement(code=code, value=value, unit="/min")
            for code, value in zip(_CODES, second.values, strict=True)
            if value is not None
        ],
        origin="replay",
    )
