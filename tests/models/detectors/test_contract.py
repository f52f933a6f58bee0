"""The contract that every detector inherits by being found: each is driven through the fold, as in production."""

import json
import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pkgutil import iter_modules
from typing import Any

import pytest
from msgspec import UNSET

import models.detectors
from models import codec
from models.events import Alert, Assessment, Finding
from models.partition import PartitionFold

START = datetime(2026, 11, 21, 3, tzinfo=UTC)
CODES = {"hr": ("8867-4", "/min"), "rr": ("9279-1", "/min"), "spo2": ("59408-5", "%"), "sbp": ("8480-6", "mm[Hg]")}
CODES["steps"] = ("55423-8", "{steps}")
Step = Callable[[int], dict[str, float]]


def at(seconds: float) -> str:
    return (START + timedelta(seconds=seconds)).isoformat()


def reading(seconds: int, values: dict[str, float], patient: str = "p1") -> bytes:
    measurements = [{"code": CODES[name][0], "value": value, "unit": CODES[name][1]} for name, value in values.items()]
    record = {"type": "Reading", "reading_id": f"{patient}-{seconds}", "patient_id": patient, "device_id": "d1"}
    return json.dumps(record | {"effective_at": at(seconds), "measurements": measurements}).encode()


def tick(seconds: int) -> bytes:
    return json.dumps({"type": "Tick", "at": at(seconds)}).encode()


def calm(step: int) -> dict[str, float]:
    return {"hr": 72 + step % 3, "rr": 15 + step % 2, "spo2": 96 + step % 3 % 2, "sbp": 118 + step % 5}


def story(odd: Step, steps: int, calm_steps: int = 120) -> list[bytes]:
    """Twenty calm minutes on a monitor that measures every ten seconds, and then something odd."""
    log = []
    for step in range(calm_steps + steps):
        values = calm(step) if step < calm_steps else calm(step) | odd(step - calm_steps)
        log += [tick(10 * step), reading(10 * step, values)]
    return log


def days(odd: float) -> list[bytes]:
    """Two days of a pulse that falls at night, told each quarter of an hour, and then a night where it is odd."""
    log = []
    for step in range(192 + 16):
        wave = 70 + 12 * math.cos(2 * math.pi * step / 96) if step < 192 else odd
        seconds = 900 * step + 43_200 * (step >= 192)
        log += [tick(seconds), reading(seconds, {"hr": round(wave) + step % 2, "rr": 15 + step % 2})]
    return log


def alerts(*kinds: str) -> Callable[[Any], bool]:
    return lambda output: isinstance(output, Alert) and output.kind in kinds and output.state == "active"


def findings_of(output: Any) -> list[Finding]:
    return output.findings if isinstance(output, Assessment) and output.findings is not UNSET else []


def finds(detector: str) -> Callable[[Any], bool]:
    return lambda output: any(found.detector == detector for found in findings_of(output))


def foretells(output: Any) -> bool:
    return isinstance(output, Assessment) and output.forecasts is not UNSET


def deviates(output: Any) -> bool:
    return isinstance(output, Assessment) and output.anomaly is not None and (output.anomaly.score or 0) > 3


def silent() -> list[bytes]:
    return [*story(calm, 1, 30), tick(900)]


def nights(days: int, fever: int) -> list[bytes]:
    """Four hours of each night with a watch at home, a rate and no steps each five minutes, and a fever at the end."""
    home = {"type": "PatientContext", "patient_id": "p1", "effective_at": at(0), "setting": "home"}
    log = [json.dumps(home).encode()]
    for day in range(days):
        for minute in range(0, 240, 5):
            seconds = day * 86_400 + minute * 60
            rate = 58 + (day + minute // 5) % 4 + (14 if day >= days - fever else 0)
            log += [tick(seconds), reading(seconds, {"hr": rate, "steps": 0})]
    return log


CASES: dict[str, tuple[list[bytes], Callable[[Any], bool]]] = {
    "anomaly": (story(lambda step: {"hr": 118}, 8), alerts("anomaly")),
    "baseline": (story(lambda step: {"hr": 118}, 8), deviates),
    "early_warning": (story(lambda step: {"rr": 27, "spo2": 92}, 12), alerts("news2")),
    "limits": (story(lambda step: {"hr": 140}, 12), alerts("limit")),
    "silence": (silent(), alerts("no-data")),
    "zero": (story(lambda step: {"hr": 0}, 12), alerts("zero")),
    "flat_line": (story(lambda step: {"hr": 72}, 60), finds("flat-line")),
    "spike": (story(lambda step: {"hr": 110} if step == 9 else {}, 20), finds("spike")),
    "drift": (story(lambda step: {"hr": 88 + step % 3}, 150), finds("drift")),
    "trend": (story(lambda step: {"hr": 72 + step / 3 + step % 3}, 120), foretells),
    "rhythm": (days(82), finds("drift")),
    "half_space_trees": (
        story(lambda step: {"hr": 105 + step % 5, "rr": 27, "spo2": 90, "sbp": 90}, 120),
        finds("half-space-trees"),
    ),
    "resting_heart_rate": (nights(15, 2), finds("resting-heart-rate")),
}
"""For each detector something that it must speak of, and how it speaks."""

INSTRUMENTS = {"arousal", "time_series"}
"""What only `vigil evaluate` asks: the tests beside this one hold them to the same without the fold."""

MOST_BYTES = 2000
"""Of one patient, in the state of what looks on."""

EVERY = pytest.mark.parametrize("name", CASES)


def told(log: list[bytes], fold: PartitionFold | None = None, first: int = 0) -> list[Any]:
    fold = fold or PartitionFold(0)
    return [output for offset, value in enumerate(log, first) for output in fold.advance(value, offset=offset)]


@cache
def of_case(name: str) -> tuple[list[Any], PartitionFold]:
    """What comes of a case as a whole; not to be told more."""
    fold = PartitionFold(0)
    return told(CASES[name][0], fold), fold


@cache
def quiet() -> list[Any]:
    """What comes of somebody to whom nothing happens."""
    return told(story(calm, 0))


def numbers(value: Any) -> list[float]:
    if isinstance(value, dict):
        return [number for inner in value.values() for number in numbers(inner)]
    if isinstance(value, list):
        return [number for inner in value for number in numbers(inner)]
    return [value] if isinstance(value, float) else []


def test_every_detector_is_held_to_the_contract() -> None:
    assert {module.name for module in iter_modules(models.detectors.__path__)} == set(CASES) | INSTRUMENTS


@EVERY
def test_it_speaks_of_what_it_is_there_for_and_not_before(name: str) -> None:
    _, speaks = CASES[name]

    assert any(map(speaks, of_case(name)[0]))
    assert not any(map(speaks, quiet()))


@EVERY
def test_it_says_the_same_each_time_and_after_any_restart(name: str) -> None:
    log, _ = CASES[name]
    told_whole, whole = of_case(name)
    expected = [codec.encode(output) for output in told_whole]
    cut = len(log) * 2 // 3
    before, after = PartitionFold(0), PartitionFold(0)

    outputs = told(log[:cut], before)
    for entry in before.entries():
        after.restore(*entry)
    outputs += told(log[cut:], after, cut)

    assert [codec.encode(output) for output in outputs] == expected
    assert list(after.entries()) == list(whole.entries())


@EVERY
def test_all_that_it_says_is_finite_and_its_state_is_bounded(name: str) -> None:
    outputs, fold = of_case(name)

    said = [number for output in outputs for number in numbers(json.loads(codec.encode(output)))]
    assert all(math.isfinite(number) for number in said)
    kept = {key: len(value) for key, value in fold.entries()}
    assert kept.get(b"lookout/patient/p1", 0) <= MOST_BYTES
    assert kept.get(b"lookout/trees", 0) <= 50_000


def test_the_first_observation_is_looked_at_already_and_nothing_is_made_of_what_is_not_known() -> None:
    [assessment, *_] = told([tick(0), reading(1, {"hr": 190, "rr": 40, "spo2": 70, "sbp": 60})])

    assert assessment.anomaly.score > 3
    assert assessment.news2.level == "high"
    assert not findings_of(assessment)


@EVERY
def test_it_learns_nothing_from_a_record_that_comes_again(name: str) -> None:
    """Nor does looking twice change what it makes of what follows."""
    log, _ = CASES[name]
    once, twice = PartitionFold(0), PartitionFold(0)
    for entry in of_case(name)[1].entries():
        once.restore(*entry)
        twice.restore(*entry)

    told([value for value in log[-40:] if b"Reading" in value], twice, 9000)

    later = [tick(20_000), reading(20_000, {"hr": 88, "rr": 17, "spo2": 95, "sbp": 117})]
    again = [codec.encode(output) for output in told(later, twice, 9999) if isinstance(output, Assessment)]
    assert again == [codec.encode(output) for output in told(later, once, 9999) if isinstance(output, Assessment)]
