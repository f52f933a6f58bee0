"""Whatever line of ours fails on whatever event, the patient is left as before, and goes on as if nothing had been."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import models
from models import codec, patient
from models.events import DeadLetter
from models.partition import PartitionFold
from models.picture import decode_patient, encode_patient

START = datetime(2026, 11, 21, 3, tzinfo=UTC)
MODELS = str(Path(models.__file__).parent)
EVERY = 5
"""Every fifth line is enough to stop in each function, and keeps this quick."""


class Fault(Exception):
    """A fault of ours."""


def record(kind: str, /, **fields: Any) -> bytes:
    return json.dumps({"type": kind, **fields}).encode()


def at(seconds: float) -> str:
    return (START + timedelta(seconds=seconds)).isoformat()


def tick(seconds: float) -> bytes:
    return record("Tick", at=at(seconds))


def reading(seconds: float, number: int, **values: float) -> bytes:
    codes = {"hr": ("8867-4", "/min"), "spo2": ("59408-5", "%"), "rr": ("9279-1", "/min"), "gcs": ("9269-2", "{score}")}
    return record(
        "Reading",
        reading_id=f"r{number}",
        patient_id="p1",
        device_id="monitor",
        effective_at=at(seconds),
        measurements=[
            {"code": codes[name][0], "value": value, "unit": codes[name][1]} for name, value in values.items()
        ],
    )


def context(seconds: float, **fields: Any) -> bytes:
    return record("PatientContext", patient_id="p1", effective_at=at(seconds), **fields)


STORY = [
    tick(0),
    context(0, age=60, consciousness="A", on_oxygen=False, conditions=["copd"], limits={"8867-4": {"high": 130}}),
    *(reading(5 * step, step, hr=75 + step % 2, spo2=97, rr=15) for step in range(30)),
    *(
        step
        for second in range(150, 240, 5)
        for step in (reading(second, second, hr=150, spo2=85, rr=28), tick(second))
    ),
]
"""A patient on a monitor whose score and limits are alerting; a late value and an answer are still to come."""


def told_story() -> PartitionFold:
    fold = PartitionFold(0)
    for offset, value in enumerate(STORY):
        fold.advance(value, offset=offset)
    return fold


def answer(fold: PartitionFold) -> bytes:
    alert = decode_patient(dict(fold.entries())[b"patient/p1"][1:]).alerts[0]
    return record(
        "Acknowledgement", patient_id="p1", alert_id=alert.alert_id, revision=alert.revision, at=at(240), by="nurse"
    )


def decision(fold: PartitionFold) -> bytes:
    proposed = decode_patient(dict(fold.entries())[b"patient/p1"][1:]).proposed["response"]
    about = {"patient_id": "p1", "recommendation_id": proposed.recommendation_id}
    return record("RecommendationAnswer", **about, at=at(240), by="nurse", decision="accepted")


ANSWERS = {"answer": answer, "decision": decision}
EVENTS = {
    "reading": reading(240, 900, hr=40, spo2=78, rr=0, gcs=9),
    "late reading": reading(100, 901, hr=40, spo2=78, rr=30),
    "context": context(240, age=10, consciousness="V", on_oxygen=True, limits={"8867-4": {"high": 160}}, ward="B"),
    "outcome": record("Outcome", patient_id="p1", at=at(240), kind="discharge"),
    "tick": tick(4000),
}


@contextmanager
def failing_at(line: int) -> Iterator[list[int]]:
    """Lets the given line of `models` fail, counted from here; tells how many were run."""
    run = [0]

    def on_line(frame: FrameType, event: str, _: object) -> Any:
        if event == "line":
            run[0] += 1
            if run[0] == line:
                raise Fault
        return on_line

    def on_call(frame: FrameType, event: str, _: object) -> Any:
        return on_line if frame.f_code.co_filename.startswith(MODELS) else None

    before = sys.gettrace()
    sys.settrace(on_call)
    try:
        yield run
    finally:
        sys.settrace(before)


def fail_in(monkeypatch: pytest.MonkeyPatch, line: int) -> None:
    """Lets the folds of a patient fail at that line of theirs."""
    for name in ("fold_reading", "fold_context", "fold_outcome", "fold_answer", "fold_tick"):
        monkeypatch.setattr(patient, name, failing(getattr(patient, name), line))


def failing(fold: Callable[..., Any], line: int) -> Callable[..., Any]:
    def wrapped(*arguments: Any, **named: Any) -> Any:
        with failing_at(line):
            return fold(*arguments, **named)

    return wrapped


def picture_of(fold: PartitionFold) -> bytes:
    """The patient as kept, but for the next due time: what failed at a tick is not tried again at each."""
    found = decode_patient(dict(fold.entries())[b"patient/p1"][1:])
    found.next_due = None
    return encode_patient(found)


@pytest.mark.parametrize("name", [*EVENTS, *ANSWERS])
def test_a_fault_at_any_line_leaves_the_patient_as_before(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fold = told_story()
    value = ANSWERS[name](fold) if name in ANSWERS else EVENTS[name]
    before, counts = picture_of(fold), fold.census
    faults = 0

    for line in range(1, 100_000, EVERY):
        entries = list(fold.entries())
        other = PartitionFold(0)
        for entry in entries:
            other.restore(*entry)
        with monkeypatch.context() as patched:
            fail_in(patched, line)
            told = other.advance(value, offset=500)
        if not any(isinstance(output, DeadLetter) for output in told):
            break
        faults += 1
        assert [output.reason for output in told if isinstance(output, DeadLetter)] == ["fold-failed"]
        assert picture_of(other) == before
        assert other.census.open_alerts == counts.open_alerts
        assert (other.census.monitored, other.census.never_scored) == (counts.monitored, counts.never_scored)

    assert faults >= 3


@pytest.mark.parametrize("name", ["reading", "late reading", "context", "outcome", *ANSWERS])
def test_after_a_fault_the_same_event_does_what_it_would_have_done(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fold, other = told_story(), told_story()
    value = ANSWERS[name](fold) if name in ANSWERS else EVENTS[name]
    for line in (3, 11):
        with monkeypatch.context() as patched:
            fail_in(patched, line)
            fold.advance(value, offset=500)

    told = [codec.encode(output) for output in fold.advance(value, offset=501)]

    assert told == [codec.encode(output) for output in other.advance(value, offset=501)]
    assert list(fold.entries()) == list(other.entries())


def test_a_fault_is_one_whether_or_not_a_checkpoint_was_written_before(monkeypatch: pytest.MonkeyPatch) -> None:
    fold, other = told_story(), told_story()
    other.changed()
    fail_in(monkeypatch, 20)

    told = [[codec.encode(output) for output in each.advance(EVENTS["reading"], offset=500)] for each in (fold, other)]

    assert told[0] == told[1]
    assert list(fold.entries()) == list(other.entries())


def test_a_record_that_failed_is_not_looked_at_by_what_looks_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    fold = told_story()
    before = [entry for entry in fold.entries() if entry[0].startswith(b"lookout/")]
    fail_in(monkeypatch, 20)

    fold.advance(EVENTS["reading"], offset=500)

    assert before
    assert [entry for entry in fold.entries() if entry[0].startswith(b"lookout/")] == before
