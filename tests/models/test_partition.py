"""The fold over one partition: what a tick costs, and what happens when a record can't be folded."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models import codec, patient
from models.detectors import limits, silence
from models.events import Alert, Assessment, DeadLetter, Output
from models.partition import PartitionFold

START = datetime(2026, 11, 21, 3, tzinfo=UTC)


def at(seconds: float) -> str:
    return (START + timedelta(seconds=seconds)).isoformat()


def tick(seconds: float) -> bytes:
    return json.dumps({"type": "Tick", "at": at(seconds)}).encode()


def reading(patient_id: str, seconds: float, reading_id: str = "r1", **changes: Any) -> bytes:
    heart_rate = {"code": "8867-4", "value": changes.pop("heart_rate", 72), "unit": "/min"}
    record = {"type": "Reading", "reading_id": reading_id, "patient_id": patient_id, "device_id": "d1"}
    return json.dumps({**record, "effective_at": at(seconds), "measurements": [heart_rate], **changes}).encode()


@pytest.fixture
def folded(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The patients that ticks had to look at, in order."""
    looked_at: list[str] = []
    fold_tick = patient.fold_tick

    def counting(found: Any, *more: Any, **named: Any) -> Any:
        looked_at.append(found.id)
        return fold_tick(found, *more, **named)

    monkeypatch.setattr(patient, "fold_tick", counting)
    yield looked_at
    looked_at.clear()


# --- What a tick costs ------------------------------------------------------------------------------------------------


def test_a_tick_at_which_nothing_is_due_looks_at_nobody(folded: list[str]) -> None:
    fold = PartitionFold(0)
    fold.advance(tick(0), offset=0)
    for number in range(300):
        fold.advance(reading(f"p{number}", 1), offset=number)

    for seconds in range(5, 3600, 5):
        fold.advance(tick(seconds), offset=seconds)

    assert folded == []


def test_a_tick_looks_only_at_those_for_whom_something_is_due(folded: list[str]) -> None:
    fold = PartitionFold(0)
    fold.advance(tick(0), offset=0)
    for number in range(300):
        fold.advance(reading(f"p{number}", 1 if number == 7 else 60), offset=number)

    fold.advance(tick(3605), offset=1)

    assert folded == ["p7"]


def test_what_was_due_before_a_newer_value_is_due_no_more(folded: list[str]) -> None:
    fold = PartitionFold(0)
    fold.advance(tick(0), offset=0)
    fold.advance(reading("p1", 1), offset=1)
    fold.advance(tick(1000), offset=2)
    fold.advance(reading("p1", 1000, "r2"), offset=3)

    fold.advance(tick(3700), offset=4)
    fold.advance(tick(4601), offset=5)

    assert folded == ["p1"]


def test_each_patient_is_looked_at_once_a_tick_and_soonest_first(folded: list[str]) -> None:
    fold = PartitionFold(0)
    fold.advance(tick(0), offset=0)
    for seconds, patient_id in ((3, "p2"), (1, "p9"), (2, "p1"), (1, "p3")):
        for spacing in range(5):
            fold.advance(reading(patient_id, seconds + spacing / 100, f"r{spacing}"), offset=0)

    fold.advance(tick(40_000), offset=1)

    assert folded == ["p3", "p9", "p1", "p2"]


def test_a_quiet_ward_settles(folded: list[str]) -> None:
    fold = PartitionFold(0)
    fold.advance(tick(0), offset=0)
    for number in range(20):
        fold.advance(reading("p1", number, f"r{number}", heart_rate=150), offset=number)

    for minutes in range(1, 3 * 24 * 60):
        fold.advance(tick(60 * minutes), offset=minutes)

    assert len(folded) < 12


def test_the_heap_of_due_times_does_not_grow_with_a_patients_readings() -> None:
    fold = PartitionFold(0)
    for number in range(5_000):
        fold.advance(tick(5 * number), offset=2 * number)
        fold.advance(reading("p1", 5 * number, f"r{number}"), offset=2 * number + 1)

    assert fold._patients.awaited < 1_500


# --- The clock --------------------------------------------------------------------------------------------------------


def test_a_tick_not_above_the_clock_is_ignored_and_counted() -> None:
    fold = PartitionFold(0)
    for seconds in (10, 10, 5, 11):
        fold.advance(tick(seconds), offset=0)

    assert fold.census.ticks_ignored == 2
    assert fold.census.clock == START + timedelta(seconds=11)


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00"])
def test_a_tick_from_outside_of_time_stops_no_partition(moment: str) -> None:
    fold = PartitionFold(0)

    told = fold.advance(json.dumps({"type": "Tick", "at": moment}).encode(), offset=0)
    after = fold.advance(reading("p1", 0), offset=1)

    assert [letter.reason for letter in told] == ["invalid"]
    assert isinstance(after[0], Assessment)
    assert fold.census.clock is None


# --- Who is watched ---------------------------------------------------------------------------------------------------


def context(patient_id: str, seconds: float, **told: Any) -> bytes:
    record = {"type": "PatientContext", "patient_id": patient_id, "effective_at": at(seconds), **told}
    return json.dumps(record).encode()


def answer(told: list[Output], seconds: float) -> bytes:
    """An acknowledgement of the alert of a heart rate of 0 among outputs."""
    alert = next(output for output in told if isinstance(output, Alert) and output.kind == "zero")
    record = {"type": "Acknowledgement", "patient_id": alert.patient_id, "alert_id": alert.alert_id, "by": "nurse"}
    return json.dumps({**record, "revision": alert.revision, "at": at(seconds)}).encode()


def in_arrest(ward: str | None) -> tuple[PartitionFold, list[Output]]:
    """A patient of a ward whose heart rate has been 0 since second 1, and what the tick at second 20 told of it."""
    fold = PartitionFold(0)
    fold.advance(tick(0), offset=0)
    fold.advance(context("p1", 0, ward=ward), offset=1)
    fold.advance(reading("p1", 1, heart_rate=0), offset=2)
    return fold, fold.advance(tick(20), offset=3)


@pytest.mark.parametrize("ward", ["A1", None])
def test_a_high_alert_that_nobody_answers_is_known_by_its_ward(ward: str | None) -> None:
    fold, _ = in_arrest(ward)

    assert fold.census.open_alerts == {("zero", "high", ward): 1, ("news2", "medium", ward): 1}
    assert fold.census.oldest_unanswered == {ward: START + timedelta(seconds=1)}
    assert fold.census.monitored == {ward: 1}


def test_an_answer_ends_the_wait_though_the_alert_stays_open() -> None:
    fold, told = in_arrest("A1")

    fold.advance(answer(told, 25), offset=4)

    assert fold.census.open_alerts["zero", "high", "A1"] == 1
    assert fold.census.oldest_unanswered == {}


def test_a_high_alert_that_cleared_unanswered_still_waits() -> None:
    fold, _ = in_arrest("A1")

    told = [
        output
        for number in range(8)
        for output in fold.advance(reading("p1", 25 + 10 * number, f"back{number}", heart_rate=72), offset=4)
    ]

    assert "latched" in {output.state for output in told if isinstance(output, Alert) and output.kind == "zero"}
    assert fold.census.oldest_unanswered == {"A1": START + timedelta(seconds=1)}


def test_the_oldest_of_a_ward_counts_and_moves_with_its_patient() -> None:
    fold, _ = in_arrest("A1")
    fold.advance(context("p2", 20, ward="A1"), offset=4)
    fold.advance(reading("p2", 21, heart_rate=0), offset=5)
    fold.advance(tick(40), offset=6)
    assert fold.census.oldest_unanswered == {"A1": START + timedelta(seconds=1)}

    fold.advance(context("p1", 41, ward="B2"), offset=7)

    assert fold.census.oldest_unanswered == {"A1": START + timedelta(seconds=21), "B2": START + timedelta(seconds=1)}
    assert fold.census.monitored == {"A1": 1, "B2": 1}


def test_who_leaves_is_counted_no_more() -> None:
    fold, _ = in_arrest("A1")

    fold.advance(
        json.dumps({"type": "Outcome", "patient_id": "p1", "at": at(30), "kind": "transfer"}).encode(), offset=4
    )

    assert (fold.census.monitored, fold.census.open_alerts, fold.census.oldest_unanswered) == ({}, {}, {})


# --- What can't be folded ---------------------------------------------------------------------------------------------


def broken(*args: Any, **more: Any) -> Any:
    raise ZeroDivisionError("a fault of ours")


def state_of(fold: PartitionFold) -> dict[bytes, bytes]:
    return {key: value for key, value in fold.entries() if key != b"partition"}


@pytest.mark.parametrize(("module", "name"), [(limits, "look"), (silence, "look"), (patient, "finish")])
def test_what_fails_halfway_leaves_the_patient_as_it_was(
    module: Any, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fold = PartitionFold(3, topic="live.patient-events")
    fold.advance(tick(0), offset=0)
    for number in range(6):
        fold.advance(reading("p1", number, f"r{number}"), offset=number)
    fold.advance(tick(200), offset=6)
    before, counts = state_of(fold), fold.census
    value = reading("p1", 201, "r-bad", heart_rate=190)

    with monkeypatch.context() as patched:
        patched.setattr(module, name, broken)
        told = fold.advance(value, offset=7, key=b"p1")

    assert told == [
        DeadLetter(
            reason="fold-failed",
            detail="ZeroDivisionError: a fault of ours",
            topic="live.patient-events",
            partition=3,
            offset=7,
            key=b"p1",
            value=value,
        )
    ]
    assert state_of(fold) == before
    assert fold.census == counts


def test_the_next_record_goes_on_as_if_the_failed_one_had_never_been(monkeypatch: pytest.MonkeyPatch) -> None:
    fold, other = PartitionFold(0), PartitionFold(0)
    log = [tick(0), *(reading("p1", number, f"r{number}", heart_rate=150) for number in range(8)), tick(30), tick(60)]
    with monkeypatch.context() as patched:
        patched.setattr(limits, "look", broken)
        fold.advance(reading("p1", 0.5, "r-bad"), offset=0)
        fold.advance(reading("p2", 0.5, "r-bad"), offset=0)

    told = [codec.encode(output) for value in log for output in fold.advance(value, offset=1)]

    assert told == [codec.encode(output) for value in log for output in other.advance(value, offset=1)]
    assert list(fold.entries()) == list(other.entries())


def test_one_patient_who_fails_at_a_tick_takes_nobody_along(monkeypatch: pytest.MonkeyPatch) -> None:
    fold_tick = patient.fold_tick
    fold = PartitionFold(0)
    fold.advance(tick(0), offset=0)
    for name in ("p1", "p2", "p3"):
        fold.advance(reading(name, 1), offset=1)
    monkeypatch.setattr(
        patient,
        "fold_tick",
        lambda found, *more, **named: (broken if found.id == "p2" else fold_tick)(found, *more, **named),
    )

    told = fold.advance(tick(4000), offset=2)

    assert [output.reason for output in told if isinstance(output, DeadLetter)] == ["fold-failed"]
    assert [output.patient_id for output in told if isinstance(output, Assessment)] == ["p1", "p3"]
    assert [output for output in fold.advance(tick(4060), offset=3) if isinstance(output, DeadLetter)] == []


def test_the_parked_record_can_be_folded_once_the_fault_is_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    fold = PartitionFold(0)
    with monkeypatch.context() as patched:
        patched.setattr(limits, "look", broken)
        letter = fold.advance(reading("p1", 0), offset=0)[0]

    told = fold.advance(letter.value, offset=1)[0]

    assert isinstance(told, Assessment)
    assert not told.duplicate


@pytest.mark.parametrize("failure", [KeyError("x"), RecursionError(), OverflowError("x"), AssertionError()])
def test_any_failure_of_ours_is_caught(failure: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*args: Any, **more: Any) -> Any:
        raise failure

    monkeypatch.setattr(limits, "look", fails)

    assert [letter.reason for letter in PartitionFold(0).advance(reading("p1", 0), offset=0)] == ["fold-failed"]


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
def test_being_told_to_stop_is_no_failure_of_a_record(stop: type[BaseException], monkeypatch: Any) -> None:
    def stops(*args: Any, **more: Any) -> Callable[[], None]:
        raise stop

    monkeypatch.setattr(limits, "look", stops)

    with pytest.raises(stop):
        PartitionFold(0).advance(reading("p1", 0), offset=0)


# --- What came through which gateway ----------------------------------------------------------------------------------


def heartbeat(gateway_id: str, seconds: float) -> bytes:
    return json.dumps({"type": "GatewayHeartbeat", "gateway_id": gateway_id, "at": at(seconds)}).encode()


def test_a_reading_tells_its_gateway_its_device_and_its_age_by_the_clock_of_the_log() -> None:
    fold = PartitionFold(0)
    fold.advance(heartbeat("g1", 0), offset=0)
    fold.advance(reading("p1", 1, gateway_id="g1", device_type="monitor"), offset=1)
    before_the_first_tick = fold.arrival
    fold.advance(tick(100), offset=2)
    of_a_tick = fold.arrival

    fold.advance(reading("p1", 30, "r2", heart_rate=-999, gateway_id="g1", device_type="monitor"), offset=3)

    assert before_the_first_tick == ("g1", "monitor", None, [], False)
    assert of_a_tick is None
    found = fold.arrival
    assert found is not None
    assert (found.gateway_id, found.age_seconds, found.is_parked) == ("g1", 70, False)
    assert [each.reason for each in found.refused] == ["sentinel"]


def test_a_gateway_without_a_heartbeat_is_nobody_for_it_may_be_one_persons_phone() -> None:
    fold = PartitionFold(0)

    fold.advance(reading("p1", 1, gateway_id="phone-of-p1"), offset=0)

    assert fold.arrival is not None
    assert fold.arrival.gateway_id is None


def test_a_reading_that_is_parked_tells_so_and_what_is_no_reading_tells_nothing() -> None:
    fold = PartitionFold(0)
    fold.advance(heartbeat("g1", 0), offset=0)
    fold.advance(tick(0), offset=1)

    fold.advance(reading("p1", 3600, gateway_id="g1"), offset=2)
    parked = fold.arrival
    fold.advance(b"garbage", offset=3)

    assert parked is not None
    assert (parked.gateway_id, parked.is_parked) == ("g1", True)
    assert fold.arrival is None
