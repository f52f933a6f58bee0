"""What the fold lets the detector of the resting heart rate hear: each value once, of people at home alone."""

import json
from typing import Any

import pytest

from models.partition import PartitionFold

RATE, STEPS = ("8867-4", "/min"), ("55423-8", "{steps}")


def at(seconds: int) -> str:
    return f"2026-11-21T{3 + seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}Z"


def reading(seconds: int, measured: tuple[str, str], value: float) -> dict[str, Any]:
    code, unit = measured
    return {
        "type": "Reading",
        "reading_id": f"{code}-{seconds}",
        "patient_id": "p1",
        "device_id": "watch",
        "device_type": "wearable",
        "effective_at": at(seconds),
        "measurements": [{"code": code, "value": value, "unit": unit}],
    }


def heard(setting: str, *records: dict[str, Any]) -> dict[str, Any] | None:
    """What is remembered of the watch after all records."""
    fold = PartitionFold(0)
    context = {"type": "PatientContext", "patient_id": "p1", "effective_at": at(0), "setting": setting}
    for offset, record in enumerate([context, *records]):
        fold.advance(json.dumps(record).encode(), offset=offset)
    kept: Any = dict(fold.readable())["lookout/patient/p1"]
    worn: dict[str, Any] | None = kept["worn"]
    return worn


def minutes(first: int, last: int, rate: float = 60.0, steps: int = 0) -> list[dict[str, Any]]:
    """A rate at the minute and half a minute after it, and the minute's steps at the same instant as the first."""
    told = []
    for minute in range(first, last):
        told += [reading(60 * minute, RATE, rate), reading(60 * minute, STEPS, steps)]
        told += [reading(60 * minute + 30, RATE, rate + 1)]
    return told


def test_each_rate_is_heard_once_though_all_of_a_minute_come_at_one_instant() -> None:
    told = heard("home", *minutes(0, 40))

    assert told is not None
    assert told["heart"]["readings"] == 2 * (39 - 12)  # From minute 12 on, up to the last look.


def test_who_is_on_a_ward_or_tells_no_steps_is_not_listened_to() -> None:
    rates_alone = [record for record in minutes(0, 20) if record["reading_id"].startswith(RATE[0])]

    assert heard("ward", *minutes(0, 20)) is None
    assert heard("home", *rates_alone) is None


@pytest.mark.parametrize("rate", [0.0, 20.0, 250.0])
def test_a_rate_that_nobody_has_teaches_nothing(rate: float) -> None:
    told = heard("home", *minutes(0, 20), *minutes(20, 30, rate), *minutes(30, 32))
    without = heard("home", *minutes(0, 20), *minutes(20, 30, 60.0), *minutes(30, 32))

    assert told is not None
    assert without is not None
    assert told["heart"]["readings"] < without["heart"]["readings"]
    assert told["heart"]["total"] / told["heart"]["readings"] == pytest.approx(60.5, abs=0.6)
