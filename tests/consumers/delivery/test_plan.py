"""Who is due to be called when, at any time and with no clock."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from consumers.delivery.book import Book, Open
from consumers.delivery.grouping import batches
from consumers.delivery.plan import calls, is_unreached, key_of, next_look, pending
from consumers.delivery.route import Route
from models.instants import moment_of
from tests.an_alert import an_alert

examples = settings(deadline=None, derandomize=True, database=None)

Make = Callable[..., Any]
At = Callable[[float], datetime]


def due(each: Open, route: Route, now: datetime) -> list[tuple[str, int, int]]:
    return [(call.receiver, call.round, call.step) for call in pending(each, [route], now) if call.due <= now]


def test_a_notification_is_due_as_it_is_heard(opened: Make, route: Make, at: At) -> None:
    assert due(opened(), route(), at(0)) == [("nurse", 0, 0)]


def test_what_was_delivered_is_not_due_again(opened: Make, route: Make, at: At) -> None:
    each = opened()
    deliver(each, route(), at(0))

    assert due(each, route(), at(0)) == []
    assert due(each, route(), at(100_000)) == []


def test_escalation_goes_to_the_next_person_until_somebody_answers(
    opened: Make, route: Make, live: Make, at: At
) -> None:
    ladder = route("nurse", ["doctor", "pager"], "chief", escalate_after_seconds=60)
    each = opened()

    deliver(each, ladder, at(0))
    assert due(each, ladder, at(59)) == []
    assert due(each, ladder, at(60)) == [("doctor", 0, 1), ("pager", 0, 1)]
    deliver(each, ladder, at(60))
    each.newest = live(state="acknowledged", revision=3, notify=False)
    assert due(each, ladder, at(120)) == []
    each.newest = live(state="active", revision=4, notify=False)
    assert due(each, ladder, at(120)) == [("chief", 0, 2)]


def test_a_ladder_begins_again_until_somebody_answers(opened: Make, route: Make, at: At) -> None:
    ladder = route("nurse", "doctor", escalate_after_seconds=60, repeat_seconds=100)
    each = opened()

    told = []
    for second in range(0, 400, 10):
        told += [(second, name) for name, _, _ in due(each, ladder, at(second))]
        deliver(each, ladder, at(second))

    assert told == [(0, "nurse"), (60, "doctor"), (160, "nurse"), (220, "doctor"), (320, "nurse"), (380, "doctor")]


def test_after_an_outage_each_receiver_has_only_the_newest_of_its_calls(opened: Make, route: Make, at: At) -> None:
    ladder = route("nurse", "doctor", escalate_after_seconds=60, repeat_seconds=60)

    assert due(opened(), ladder, at(1_000)) == [("nurse", 8, 0), ("doctor", 7, 1)]


def test_nobody_is_called_twice_in_one_message_by_two_routes(opened: Make, route: Make, at: At) -> None:
    each = opened()
    first, second = route(name="first", **{"continue": True}), route(name="second")

    assert len(pending(each, [first, second], at(0))) == 1


def test_a_snooze_holds_calls_back_until_it_is_over(opened: Make, route: Make, live: Make, at: At) -> None:
    each = opened()
    each.newest = live(revision=3, notify=False, snoozed_until=at(100))

    assert due(each, route(), at(99)) == []
    assert due(each, route(), at(100)) == [("nurse", 0, 0)]


@pytest.mark.parametrize("inhibitor", ["snooze", "pause", "gateway"])
def test_an_alert_that_is_inhibited_after_it_was_told_is_quiet_but_not_if_it_notifies_itself(
    inhibitor: str, opened: Make, route: Make, live: Make, at: At
) -> None:
    each = opened()
    each.newest = live(revision=3, notify=False, inhibited_by=inhibitor)
    assert due(each, route(), at(0)) == []

    assert due(opened(inhibited_by=inhibitor), route(), at(0)) == [("nurse", 0, 0)]


def test_a_latched_alert_is_still_called_for(opened: Make, route: Make, live: Make, at: At) -> None:
    each = opened()
    each.newest = live(revision=3, notify=False, state="latched")

    assert due(each, route(repeat_seconds=60), at(60)) == [("nurse", 1, 0)]


def test_low_priorities_wait_until_quiet_hours_are_over(opened: Make, route: Make, at: At) -> None:
    night = route(match={"priority": ["low"]}, quiet_hours={"from": "22:00", "to": "04:00", "zone": "UTC"})
    each = opened(priority="low")

    assert due(each, night, at(0)) == []
    assert due(each, night, at(3_599)) == []
    assert due(each, night, at(3_600)) == [("nurse", 0, 0)]
    assert not is_unreached(each, [night], at(3_600 + 119))
    assert is_unreached(each, [night], at(3_600 + 120))


# --- When it does not get through -------------------------------------------------------------------------------------


def test_a_step_that_nobody_took_within_patience_is_followed_by_the_next_one(opened: Make, route: Make, at: At) -> None:
    ladder = route("nurse", "doctor", "chief", escalate_after_seconds=600, patience_seconds=50)
    each = opened()

    assert due(each, ladder, at(49)) == [("nurse", 0, 0)]
    assert due(each, ladder, at(50)) == [("nurse", 0, 0), ("doctor", 0, 1)]
    deliver(each, ladder, at(50), only="doctor")
    assert due(each, ladder, at(599)) == [("nurse", 0, 0)]
    assert due(each, ladder, at(1_200)) == [("nurse", 0, 0), ("chief", 0, 2)]


def test_a_step_that_all_refused_is_followed_by_the_next_one_at_once(opened: Make, route: Make, at: At) -> None:
    ladder = route(["nurse", "pager"], "doctor", escalate_after_seconds=600)
    each = opened()
    nurse, pager = pending(each, [ladder], at(0))

    each.failed[nurse.key] = at(1)
    assert due(each, ladder, at(5)) == [("pager", 0, 0)]
    each.failed[pager.key] = at(6)
    assert due(each, ladder, at(6)) == [("doctor", 0, 1)]


def test_nobody_is_unreached_before_all_routes_have_lost_patience(opened: Make, route: Make, at: At) -> None:
    ways = [route(name="a", patience_seconds=10, **{"continue": True}), route("x", name="b", patience_seconds=20)]
    each = opened()

    assert [is_unreached(each, ways, at(second)) for second in (10, 19, 20)] == [False, False, True]
    deliver(each, ways[1], at(20))
    assert not is_unreached(each, ways, at(20))


# --- Keys -------------------------------------------------------------------------------------------------------------


def test_the_key_of_a_call_is_the_same_for_ever_and_no_other_calls(live: Make) -> None:
    alert = live()
    assert key_of(alert, "nurse", 0, 0) == "f02d21e92fab15bc29f0e10ea6db8041"

    others = [
        key_of(alert, "doctor", 0, 0),
        key_of(alert, "nurse", 1, 0),
        key_of(alert, "nurse", 0, 1),
        key_of(replace(alert, revision=3), "nurse", 0, 0),
        key_of(replace(alert, alert_id="other"), "nurse", 0, 0),
    ]
    assert len({key_of(alert, "nurse", 0, 0), *others}) == 6


# --- Groups -----------------------------------------------------------------------------------------------------------


def test_alerts_of_a_group_wait_for_each_other_and_go_in_one_message(live: Make, route: Make, at: At) -> None:
    book, way = Book(0), route(group_by=["ward"], group_wait_seconds=30)
    for number, second in enumerate((0, 10, 25)):
        book.take(live(second, alert_id=f"a{number}"), offset=number, heard_at=at(second))
    book.take(live(10, alert_id="elsewhere", ward="B2"), offset=3, heard_at=at(10))

    assert sent(book, way, at(29)) == []
    assert sent(book, way, at(30)) == [["a0", "a1", "a2"]]
    assert sent(book, way, at(40)) == [["a0", "a1", "a2"], ["elsewhere"]]


def test_a_high_priority_does_not_wait_and_takes_the_others_along(live: Make, route: Make, at: At) -> None:
    book, way = Book(0), route(group_by=["ward"], group_wait_seconds=30)
    book.take(live(0, alert_id="medium"), offset=0, heard_at=at(0))
    book.take(live(5, alert_id="high", priority="high"), offset=1, heard_at=at(5))

    assert sent(book, way, at(5)) == [["high", "medium"]]


def test_alerts_without_a_group_go_alone_and_a_group_has_an_end(live: Make, route: Make, at: At) -> None:
    book = Book(0)
    for number in range(60):
        book.take(live(0, alert_id=f"a{number:02}"), offset=number, heard_at=at(0))

    assert [len(each) for each in sent(book, route(), at(0))] == [1] * 60
    assert [len(each) for each in sent(book, route(group_by=["ward"]), at(0))] == [50, 10]


# --- Anything -------------------------------------------------------------------------------------------------------

ROUTES = st.builds(
    lambda steps, escalate, repeat, patience, wait: Route(
        name="any",
        receivers=[[f"r{step}-{place}" for place in range(places)] for step, places in enumerate(steps)],
        escalate_after_seconds=escalate if len(steps) > 1 else None,
        repeat_seconds=repeat,
        patience_seconds=patience,
        group_by=["ward"],
        group_wait_seconds=wait,
    ),
    st.lists(st.integers(1, 3), min_size=1, max_size=3),
    st.integers(1, 300),
    st.none() | st.integers(1, 300),
    st.integers(1, 300),
    st.integers(0, 60),
)


@examples
@given(way=ROUTES, seconds=st.lists(st.integers(0, 2_000), max_size=20), skip=st.integers(0, 5))
def test_whenever_it_is_looked_the_first_step_is_called_no_call_comes_early_and_none_twice(
    way: Route, seconds: list[int], skip: int
) -> None:
    each = an_open_alert()
    made: list[str] = []
    for second in sorted(seconds):
        now = moment_of(second * 1_000_000)
        found = [call for call in pending(each, [way], now) if call.due <= now]
        for number, call in enumerate(found):
            assert call.due >= each.heard_at
            if skip and number % skip == 0:
                continue  # It does not get through this time.
            made.append(call.key)
            each.delivered[call.key] = now

    assert len(made) == len(set(made))
    after = moment_of(10_000 * 1_000_000)
    reached = {call.receiver for call in calls(each, [way], after)}
    assert reached == {receiver for step in way.receivers for receiver in step}


@examples
@given(way=ROUTES, second=st.integers(0, 3_000), ahead=st.integers(0, 4_000))
def test_nothing_falls_due_before_the_next_look(way: Route, second: int, ahead: int) -> None:
    each, now = an_open_alert(), moment_of(second * 1_000_000)
    for call in pending(each, [way], now):
        each.delivered[call.key] = now

    then = min(now + timedelta(seconds=ahead), next_look(each, [way], now) - timedelta(microseconds=1))

    assert next_look(each, [way], now) > now
    assert [call for call in pending(each, [way], then) if call.due <= then] == []


def test_an_answered_alert_is_looked_at_when_its_snooze_is_over(opened: Make, route: Make, live: Make, at: At) -> None:
    each = opened()
    each.newest = live(revision=3, notify=False, snoozed_until=at(100))

    assert next_look(each, [route()], at(40)) == at(100)


def an_open_alert() -> Open:
    now = moment_of(0)
    book = Book(0)
    book.take(an_alert(at=now, since=now), offset=0, heard_at=now)
    return next(iter(book))


def deliver(each: Open, route: Route, now: datetime, only: str | None = None) -> None:
    for call in pending(each, [route], now):
        if only in (None, call.receiver):
            each.delivered[call.key] = now


def sent(book: Book, route: Route, now: datetime) -> list[list[str]]:
    waiting = [call for each in book for call in pending(each, [route], now)]
    return [[call.alert.alert_id for call in batch.calls] for batch in batches(waiting, now)]
