"""What the page says of itself."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from consumers.ward.book import Book
from consumers.ward.condition import KAFKA_SECONDS, PARKED_SECONDS, PATIENCE_SECONDS, Condition
from consumers.ward.past import Histories
from models.events import Assessment

WALL = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def book() -> Book:
    return Book("live", most=1)


@pytest.fixture
def condition(book: Book, clock: Clock) -> Condition:
    """A page that has read the past and that Kafka answers."""
    made = Condition(book, Histories(), clock=clock, wall=lambda: WALL.timestamp() + clock.seconds)
    made.read_back = 1.0
    made.answer()
    return made


def troubles(condition: Condition) -> list[tuple[str, bool]]:
    return [(trouble.kind, trouble.covers) for trouble in condition.state().troubles]


def test_where_all_is_well_there_is_no_trouble(condition: Condition) -> None:
    state = condition.state()

    assert (state.troubles, state.now, state.history_from, state.lag) == ([], None, None, None)


def test_before_kafka_ever_answered_and_when_it_does_no_more_the_page_is_covered(clock: Clock, book: Book) -> None:
    condition = Condition(book, Histories(), clock=clock)
    before = condition.state().troubles
    condition.answer()
    condition.read_back = 1.0
    answered = condition.state().troubles
    clock.seconds = KAFKA_SECONDS + 1

    assert [(each.kind, each.seconds) for each in before] == [("kafka", None)]
    assert answered == []
    assert [(each.kind, each.seconds) for each in condition.state().troubles] == [("kafka", KAFKA_SECONDS + 1)]


def test_what_is_only_half_read_covers_the_page(condition: Condition) -> None:
    condition.read_back = 0.99

    assert troubles(condition) == [("reading-back", True)]


def test_silence_covers_the_page_and_when_kafka_is_back_patience_begins_anew(
    condition: Condition, clock: Clock
) -> None:
    clock.seconds = PATIENCE_SECONDS + 1
    condition.answer()
    after_an_outage = troubles(condition)
    for _ in range(3):
        clock.seconds += KAFKA_SECONDS - 1
        condition.answer()

    assert after_an_outage == []
    assert troubles(condition) == [("silent", True)]


def test_a_replay_that_is_over_may_be_looked_at(clock: Clock) -> None:
    condition = Condition(Book("replay", most=1), Histories(), clock=clock)
    condition.read_back = 1.0
    condition.answer()
    for _ in range(5):
        clock.seconds += KAFKA_SECONDS - 1
        condition.answer()

    assert troubles(condition) == [("silent", False)]


def test_records_that_wait_while_no_worker_gets_on_cover_the_page(condition: Condition, clock: Clock) -> None:
    condition.progress({0: 5}, {0: 9})
    for _ in range(5):
        clock.seconds += 2
        condition.answer()
        condition.hear()
        condition.progress({0: 5}, {0: 9})
    [stuck] = condition.state().troubles
    condition.progress({0: 6}, {0: 9})

    assert (stuck.kind, stuck.covers, stuck.count) == ("workers", True, 4)
    assert (condition.state().troubles, condition.state().lag) == ([], 3)


def test_while_no_worker_gets_on_because_nothing_waits_all_is_well(condition: Condition, clock: Clock) -> None:
    for _ in range(10):
        clock.seconds += 2
        condition.answer()
        condition.hear()
        condition.progress({0: 9}, {0: 9})

    assert troubles(condition) == []


@pytest.mark.parametrize("ahead", [-3600, 3600])
def test_a_clock_that_differs_is_told_with_its_sign(condition: Condition, ahead: float) -> None:
    condition.hear_tick(WALL + timedelta(seconds=ahead))

    [skew] = condition.state().troubles
    assert (skew.kind, skew.covers, skew.seconds) == ("skew", False, ahead)


def test_ticks_that_come_late_now_and_then_are_no_skew(condition: Condition) -> None:
    for seconds in (-40, -1, -20):
        condition.hear_tick(WALL + timedelta(seconds=seconds))

    assert troubles(condition) == []


def test_a_record_that_could_not_be_used_is_told_for_ten_minutes_but_none_of_the_past(
    condition: Condition, clock: Clock
) -> None:
    condition.read_back = 0.5
    condition.park()
    condition.read_back = 1.0
    condition.park()

    told = [(each.kind, each.covers, each.count) for each in condition.state().troubles]
    clock.seconds += PARKED_SECONDS + 1
    condition.answer()

    assert told == [("parked", False, 1)]
    assert condition.state().dead_letters == 2
    assert "parked" not in [each.kind for each in condition.state().troubles]


def test_what_cannot_be_read_and_who_is_left_out_is_told_with_its_number(
    condition: Condition, book: Book, assessment: Callable[..., Assessment]
) -> None:
    condition.unreadable = 3
    for patient_id in ("p1", "p2", "p3"):
        book.take(assessment(patient_id), (0, 0))

    assert [(each.kind, each.covers, each.count) for each in condition.state().troubles] == [
        ("unreadable", False, 3),
        ("overfull", False, 2),
    ]
