"""A fault of the learned risk costs the risk, and an example perhaps, but never a score or an alert."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models import codec
from models.events import Alert, Assessment, DeadLetter, Example, Output
from models.partition import PartitionFold
from models.risk import watch
from models.risk.labels import Course
from models.risk.prediction import Predictor
from models.risk.registry import Kept

START = datetime(2026, 11, 21, tzinfo=UTC)
QUALITY = {"examples": 9, "positives": 1, "auroc": None, "news2_auroc": None, "brier": None, "log_loss": None}
CODES = {"hr": ("8867-4", "/min"), "rr": ("9279-1", "/min"), "spo2": ("59408-5", "%")}


def broken(*_: Any, **__: Any) -> Any:
    raise ZeroDivisionError("a fault of ours")


def record(kind: str, /, **fields: Any) -> bytes:
    return json.dumps({"type": kind, **fields}).encode()


def at(minutes: float) -> str:
    return (START + timedelta(minutes=minutes)).isoformat()


def tick(minutes: float) -> bytes:
    return record("Tick", at=at(minutes))


def outcome(minutes: float) -> bytes:
    return record("Outcome", patient_id="p1", at=at(minutes), kind="deterioration")


def reading(minutes: float, patient_id: str = "p1", **values: float) -> bytes:
    measured = [{"code": CODES[name][0], "value": value, "unit": CODES[name][1]} for name, value in values.items()]
    told = {"reading_id": f"r{minutes}", "patient_id": patient_id, "device_id": patient_id}
    return record("Reading", effective_at=at(minutes), measurements=measured, **told)


def model(version: int = 7) -> bytes:
    weights = [{"feature": "heart_rate.high", "weight": 1, "mean": 0, "spread": 1}]
    told = {"version": version, "at": at(0), "by": "learner", "intercept": -2, "quality": QUALITY}
    return record("ModelPublished", weights=weights, **told)


def begun() -> PartitionFold:
    """An adult who is being scored, with a model in force and one example that waits."""
    fold = PartitionFold(0)
    story = (tick(0), model(), record("PatientContext", patient_id="p1", effective_at=at(0), age=60), well(1), tick(61))
    for offset, value in enumerate(story):
        fold.advance(value, offset=offset)
    return fold


def well(minutes: float, patient_id: str = "p1") -> bytes:
    return reading(minutes, patient_id, hr=72, rr=15, spo2=97)


def ill(minutes: float) -> bytes:
    """A heart rate over the adult's limit, and a score of 5 or more."""
    return reading(minutes, hr=180, rr=23, spo2=97)


def alerts(told: list[Output]) -> list[bytes]:
    return [codec.encode(output) for output in told if isinstance(output, Alert)]


@pytest.mark.parametrize("place", [(Predictor, "foretell"), (watch, "known_of")])
def test_alerts_come_as_ever_when_the_risk_of_a_reading_fails(
    place: tuple[Any, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fold, sound = begun(), begun()
    monkeypatch.setattr(*place, broken)
    told = fold.advance(ill(61), offset=9)
    monkeypatch.undo()

    expected = sound.advance(ill(61), offset=9)
    assert alerts(told) == alerts(expected) != []
    assert isinstance(told[0], Assessment)
    assert isinstance(expected[0], Assessment)
    assert told[0].news2 == expected[0].news2
    assert (told[0].risk, expected[0].risk is None) == (None, False)
    assert fold.census.risk_faults > sound.census.risk_faults == 0


@pytest.mark.parametrize(
    ("method", "value", "decided"),
    [("turn_bad", reading(61, hr=180, rr=30, spo2=80), 1), ("see", well(61), 0), ("end", outcome(61), 1)],
)
def test_what_waited_is_dropped_and_counted_when_the_look_at_it_fails(
    method: str, value: bytes, decided: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    fold, sound = begun(), begun()
    monkeypatch.setattr(Course, method, broken)
    told = fold.advance(value, offset=9)
    monkeypatch.undo()

    expected = sound.advance(value, offset=9)
    assert len([output for output in expected if isinstance(output, Example)]) == decided
    assert told == [output for output in expected if not isinstance(output, Example)]
    assert (fold.census.risk_faults, fold.census.examples_dropped) == (1, {"fault": 1})
    assert [output for output in fold.advance(tick(1000), offset=10) if isinstance(output, Example)] == []


def test_at_a_tick_one_patient_whose_course_fails_takes_nobody_along(monkeypatch: pytest.MonkeyPatch) -> None:
    fold, passes, looks = begun(), Course.pass_time, []
    for value in (well(61), well(61, "p2"), tick(62), well(62), well(62, "p2")):
        fold.advance(value, offset=9)

    def fails_at_first(course: Course, now: int) -> Any:
        looks.append(course)
        return broken() if len(looks) == 1 else passes(course, now)

    monkeypatch.setattr(Course, "pass_time", fails_at_first)
    told = fold.advance(tick(423), offset=11)

    assert [output.patient_id for output in told if isinstance(output, Example)] == ["p2"]
    assert [output for output in told if isinstance(output, DeadLetter)] == []
    assert (fold.census.risk_faults, fold.census.examples_dropped) == (1, {"fault": 2})


def test_a_fault_is_in_the_checkpoint_and_what_comes_after_is_as_without_a_restart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fold, taken_over = begun(), PartitionFold(0)
    monkeypatch.setattr(Course, "turn_bad", broken)
    fold.advance(reading(61, hr=180, rr=30, spo2=80), offset=9)
    monkeypatch.undo()
    for key, value in fold.entries():
        taken_over.restore(key, value)

    rest = [tick(130), well(130), tick(200), well(200), tick(600)]
    told = [
        [codec.encode(output) for value in rest for output in each.advance(value, offset=1)]
        for each in (fold, taken_over)
    ]

    assert told[0] == told[1]
    assert any(b'"Example"' in line for line in told[0])
    assert list(fold.entries()) == list(taken_over.entries())
    assert taken_over.census.risk_faults == 1


def test_a_model_that_can_not_be_built_is_parked_and_the_one_before_foretells(monkeypatch: pytest.MonkeyPatch) -> None:
    fold = begun()
    monkeypatch.setattr(Kept, "predictor", broken)
    told = fold.advance(model(8), offset=9)
    monkeypatch.undo()

    assert [(letter.reason, letter.detail) for letter in told if isinstance(letter, DeadLetter)] == [
        ("fold-failed", "ZeroDivisionError: a fault of ours")
    ]
    assessed = fold.advance(well(61), offset=10)[0]
    assert isinstance(assessed, Assessment)
    assert assessed.risk is not None
    assert assessed.risk.version == 7
