"""The log of a made-up ward: a context for each patient, then panels, with ticks between the rounds."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from benchmarks.panels import EVERY_SECONDS, SIGNS, Panel, panels, patient_name
from models import codec
from models.events import Measurement, PatientContext, Reading
from producers.entry import Entry
from producers.ticks import ticks_at

BEGINS_AT = datetime(2026, 1, 1, tzinfo=UTC)


def ward(count: int, patients: int, partitions: int) -> Iterator[Entry]:
    """So many panels of so many patients, in the order of the log."""
    for number in range(min(count, patients)):
        yield admission(patient_name(number))
    for panel in panels(count, patients):
        at = BEGINS_AT + timedelta(seconds=panel.seconds)
        if panel.number % patients == 0:
            yield from ticks_at(at, partitions, "replay")
        yield reading(panel, at)
    yield from ticks_at(
        BEGINS_AT + timedelta(seconds=(count - 1) // patients * EVERY_SECONDS + 1), partitions, "replay"
    )


def admission(patient_id: str) -> Entry:
    """An adult on air and awake: with a panel all of NEWS2 is known."""
    context = PatientContext(
        patient_id=patient_id, effective_at=BEGINS_AT, age=60, on_oxygen=False, consciousness="A", setting="ward"
    )
    return Entry(codec.encode(context), f"context of {patient_id}", key=patient_id.encode(), at=BEGINS_AT)


def reading(panel: Panel, at: datetime) -> Entry:
    """A panel as a bedside monitor sends it."""
    measurements = [
        Measurement(code=sign.code, value=float(value), unit=sign.unit)
        for sign, value in zip(SIGNS, panel.values, strict=True)
    ]
    record = Reading(
        reading_id=f"r{panel.number}",
        patient_id=panel.patient_id,
        device_id=f"d-{panel.patient_id}",
        device_type="monitor",
        effective_at=at,
        measurements=measurements,
    )
    return Entry(
        codec.encode(record),
        record.reading_id,
        key=panel.patient_id.encode(),
        at=at,
        reading_id=record.reading_id,
        measurements=len(measurements),
    )
