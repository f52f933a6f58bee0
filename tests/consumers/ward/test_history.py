"""What the page keeps of the past, and tells of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from consumers.ward.history import Histories
from models.events import Measurement, Reading

START = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def reading(seconds: float, value: float = 72, code: str = "8867-4", unit: str = "/min", **changes: Any) -> Reading:
    """A heart rate of p1, some seconds after the start, unless it is said otherwise."""
    at = START + timedelta(seconds=seconds)
    fields: dict[str, Any] = {
        "reading_id": f"d1-{code}-{seconds}",
        "patient_id": "p1",
        "device_id": "d1",
        "effective_at": at,
        "measurements": [Measurement(code=code, value=value, unit=unit)],
    }
    return Reading(**(fields | changes))


def test_a_gap_is_left_out_and_never_filled() -> None:
    histories = Histories()
    for minute in (0, 1, 9, 10):
        histories.take(reading(60 * minute, 70 + minute), 0)

    course = histories.course("p1", START, START + timedelta(hours=2), 600)

    assert course is not None
    [line] = course.lines
    assert [(at - START.timestamp()) / 60 for at in line.at] == [0, 1, 9, 10]
    assert line.newest == [70, 71, 79, 80]
