"""Alerts of two policies held against each other."""

from datetime import UTC, datetime, timedelta

from models.evaluation.alert_match import Span, Spans, matched
from models.events import Alert
from models.instants import MINUTE, instant_of
from tests.an_alert import an_alert

START = datetime(2026, 1, 1, tzinfo=UTC)


def began() -> int:
    return instant_of(START)


def alert(alert_id: str, minute: int, **told) -> Alert:
    """One revision; active, medium and notified unless told otherwise."""
    plain = {"alert_id": alert_id, "at": START + timedelta(minutes=minute), "since": START, "origin": "replay"}
    return an_alert(**(plain | told))


def span(at: float, until: float | None = None, *, patient: str = "p1", direction: str = "high") -> Span:
    end = None if until is None else round(until * MINUTE)
    return Span(patient, "limit", "8867-4", direction, ((round(at * MINUTE), "medium"),), end, "")


def by_order(*spans: Span) -> list[Span]:
    return sorted(spans, key=lambda each: (each.condition, each.at))


def test_alerts_whose_times_overlap_are_the_same_and_one_is_later_than_the_other() -> None:
    [pair] = matched([span(0, 30)], [span(20, 40)])

    assert pair.later_by == 20 * MINUTE


def test_alerts_that_are_over_before_the_other_begins_are_two() -> None:
    pairs = matched([span(0, 10)], [span(20, 40)])

    assert [(pair.first is None, pair.second is None) for pair in pairs] == [(False, True), (True, False)]


def test_an_alert_that_is_never_over_reaches_to_the_end() -> None:
    [pair] = matched([span(0)], [span(500)])

    assert pair.later_by == 500 * MINUTE


def test_alerts_of_others_or_of_the_other_direction_are_not_the_same() -> None:
    ours = by_order(span(0, 10), span(0, 10, patient="p2"))
    theirs = by_order(span(0, 10, direction="low"), span(0, 10, patient="p3"))

    assert [pair.later_by for pair in matched(ours, theirs)] == [None] * 4


def test_each_alert_is_matched_once_in_the_order_of_time() -> None:
    pairs = matched([span(0, 100)], by_order(span(10, 20), span(30, 40)))

    assert [(pair.first is not None, pair.second.at) for pair in pairs if pair.second] == [
        (True, 10 * MINUTE),
        (False, 30 * MINUTE),
    ]


def test_an_alert_lasts_from_its_first_call_until_it_is_over_and_keeps_each_call() -> None:
    spans = Spans()
    pending = {"state": "pending", "notify": False}
    for minute, told in ((0, pending), (1, {}), (5, {"priority": "high"}), (9, {"state": "latched", "notify": False})):
        spans.take(alert("a", minute, **told))
    spans.take(alert("never called", 3, notify=False))

    [found] = spans.found()

    calls = [(at - began(), priority) for at, priority in found.calls]
    assert calls == [(1 * MINUTE, "medium"), (5 * MINUTE, "high")]
    assert found.until == began() + 9 * MINUTE
