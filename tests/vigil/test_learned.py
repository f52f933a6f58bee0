"""Where the learner published nothing, a run says why."""

from datetime import UTC, datetime

from models import codec
from models.events import Example, StayEnded, StayExample
from vigil.learned import Told

AT = datetime(2026, 11, 21, tzinfo=UTC)


def example(label: bool) -> bytes:
    told = {"patient_id": "p1", "at": AT, "known_at": AT, "reason": "news2", "known_points": 2, "features": {}}
    return codec.encode(Example(**told, label=label, origin="replay"))  # type: ignore[arg-type]


def look(patient_id: str) -> bytes:
    told = {"patient_id": patient_id, "admitted_at": AT, "at": AT, "hour": 6, "known_points": 2, "features": {}}
    return codec.encode(StayExample(**told, origin="replay"))  # type: ignore[arg-type]


def ended(patient_id: str, died: bool | None) -> bytes:
    return codec.encode(StayEnded(patient_id=patient_id, admitted_at=AT, at=AT, died=died, origin="replay"))


def test_too_few_of_a_kind_are_told_with_how_many_are_needed() -> None:
    told = Told()
    for label in (True, False, False):
        told.take(example(label))

    assert told.why_not("deterioration") == (
        "too few to begin: the worst came of 1 of 3 examples, and of each kind 10 are needed"
    )


def test_examples_of_a_stay_count_once_it_has_ended_and_its_end_is_known() -> None:
    told = Told()
    for value in (look("p1"), look("p1"), look("p2"), look("p3"), look("p4"), ended("p1", True), ended("p2", False)):
        told.take(value)
    told.take(ended("p3", None))

    assert "death came of 2 of 3 examples" in told.why_not("stay")


def test_where_there_are_enough_it_was_the_trial() -> None:
    told = Told()
    for number in range(40):
        told.take(example(number % 2 == 0))

    assert told.why_not("deterioration").startswith("the worst came of 20 of 40 examples, but no candidate has passed")
