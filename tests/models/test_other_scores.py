"""The scores beside NEWS2 as an assessment tells them: once a minute, by the same clock, and for adults alone."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec import UNSET

from models.events import Assessment, OtherScores
from models.partition import PartitionFold

START = datetime(2026, 11, 21, 3, tzinfo=UTC)
UNITS = {"8867-4": "/min", "9279-1": "/min", "8480-6": "mm[Hg]", "8310-5": "Cel", "9269-2": "{score}"}
ILL = {"8867-4": 112, "9279-1": 24, "8480-6": 95, "8310-5": 38.6, "9269-2": 13}


def record(kind: str, seconds: float, /, **fields: Any) -> bytes:
    moment = (START + timedelta(seconds=seconds)).isoformat()
    named = "at" if kind == "Tick" else "effective_at"
    return json.dumps({"type": kind, "patient_id": "p1", named: moment, **fields}).encode()


def reading(seconds: float, values: dict[str, float]) -> bytes:
    measured = [{"code": code, "value": value, "unit": UNITS[code]} for code, value in values.items()]
    return record("Reading", seconds, reading_id=f"r{seconds}", device_id="d1", measurements=measured)


def assessed(*log: bytes) -> list[Assessment]:
    fold = PartitionFold(0)
    told = [output for offset, value in enumerate(log) for output in fold.advance(value, offset=offset)]
    return [output for output in told if isinstance(output, Assessment)]


def scores(*log: bytes) -> OtherScores:
    """The scores that were told last."""
    found = [told.scores for told in assessed(*log) if told.scores is not UNSET]
    return found[-1]


def test_the_first_reading_tells_them() -> None:
    told = scores(reading(0, ILL))

    assert (told.mews.known_points, told.mews.completeness) == (2 + 2 + 1 + 1 + 2, "5/5")
    assert told.qsofa.known_points == 3
    assert told.vitals_only_sirs.known_points == 3
    assert told.shock_index.value == 1.18


def test_they_say_what_is_missing() -> None:
    told = scores(reading(0, {"8867-4": 112}))

    assert (told.mews.known_points, told.mews.max_possible) == (2, 13)
    assert told.mews.missing == ["respiratory_rate", "systolic_blood_pressure", "consciousness", "temperature"]
    assert told.shock_index.value is None
    assert told.shock_index.missing == ["systolic_blood_pressure"]


def test_what_the_clock_says_is_stale_is_stale_in_them_as_it_is_in_news2() -> None:
    log = [record("Tick", 0), reading(0, ILL), record("Tick", 3630), reading(3595, {"8867-4": 80})]

    *_, told = assessed(*log)

    assert told.news2 is not None
    assert told.scores is not UNSET
    assert told.scores.mews.stale == ["respiratory_rate", "systolic_blood_pressure"]
    assert {*told.scores.mews.stale} <= {*(told.news2.stale or [])}
    assert told.scores.shock_index.stale == ["systolic_blood_pressure"]


def test_they_are_told_once_a_minute_and_at_readings_alone() -> None:
    log = [
        line for step in range(13) for line in (record("Tick", 10 * step), reading(10 * step, {"8867-4": 70 + step}))
    ]

    told = assessed(record("PatientContext", 0, age=60), *log)

    assert [each.reading_id for each in told if each.scores is not UNSET] == ["r0", "r60", "r120"]


@pytest.mark.parametrize("context", [{"age": 9}, {"age": 30, "pregnant": True}], ids=["a child", "pregnant"])
def test_none_is_told_of_whom_it_is_not_for(context: dict[str, Any]) -> None:
    told = scores(record("PatientContext", 0, **context), reading(1, ILL))

    each = [getattr(told, name) for name in OtherScores.__struct_fields__]
    assert {found.not_applicable for found in each} == {"not for this age"}
    assert {getattr(found, "known_points", None) or getattr(found, "value", None) for found in each} == {None}


def test_none_is_told_of_what_came_late_or_of_who_has_left() -> None:
    late = [record("Tick", 0), reading(0, ILL), record("Tick", 600), reading(300, {"8867-4": 140})]
    gone = json.dumps({"type": "Outcome", "patient_id": "p1", "at": START.isoformat(), "kind": "discharge"}).encode()

    assert assessed(*late)[-1].scores is UNSET
    assert assessed(reading(0, ILL), gone, reading(300, ILL))[-1].scores is UNSET
