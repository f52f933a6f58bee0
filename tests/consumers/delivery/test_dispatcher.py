"""Calls are handed out when they are due, kept in the ledger, and reported where nobody could be reached."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consumers.delivery.book import Book
from consumers.delivery.configuration import Configuration
from consumers.delivery.dispatcher import Dispatcher
from consumers.delivery.grouping import Batch
from consumers.delivery.journal import Entry
from consumers.delivery.ledger import decode
from consumers.delivery.metrics import DeliveryMetrics
from models import codec
from models.events import DeliveryReport

Make = Callable[..., Any]
At = Callable[[float], datetime]
TOPICS = {"alerts": "live.alerts", "deliveries": "live.deliveries", "patient-events": "live.patient-events"}


class Desk:
    """A dispatcher with one partition, a clock that is set, and outboxes and a journal that only keep."""

    def __init__(self, at: At, *routes: Any) -> None:
        self.at = at
        self.second = 0.0
        self.put_in: list[Batch] = []
        self.written: list[Entry] = []
        self.book = Book(3)
        self.metrics = DeliveryMetrics()
        self.dispatcher = Dispatcher(
            Configuration(receivers={}, renderers={}, routes=routes),
            topics=TOPICS,
            journal=self,
            metrics=self.metrics,
            now=lambda: at(self.second),
        )
        for receiver in ("nurse", "doctor"):
            self.dispatcher.outboxes[receiver] = self
        self.dispatcher.hold(self.book)

    def put(self, batch: Batch) -> None:
        self.put_in.append(batch)

    def add(self, *entries: Entry) -> None:
        self.written += entries

    def hear(self, alert: Any, second: float | None = None) -> None:
        heard_at = self.at(self.second if second is None else second)
        self.book.take(alert, offset=len(self.book), heard_at=heard_at)

    def dispatch(self, second: float) -> list[Batch]:
        """What is handed out at that second."""
        self.second, before = second, len(self.put_in)
        self.dispatcher.dispatch()
        return self.put_in[before:]

    def told(self, topic: str) -> list[dict[str, Any]]:
        return [json.loads(entry.value) for entry in self.written if entry.topic == TOPICS[topic]]

    @property
    def reports(self) -> list[tuple[bool, list[str], str | None]]:
        return [
            (each["delivered"], each["receivers"], each.get("detail"))
            for each in self.told("patient-events")
            if each["type"] == "DeliveryReport"
        ]


@pytest.fixture
def desk(at: At, route: Make) -> Callable[..., Desk]:
    return lambda *routes: Desk(at, *(routes or [route()]))


def test_a_call_is_handed_out_once_and_kept_in_the_ledger_when_it_was_taken(desk: Make, live: Make) -> None:
    at_desk = desk()
    at_desk.hear(live())

    [batch] = at_desk.dispatch(0)
    assert at_desk.dispatch(1) == []
    at_desk.dispatcher.delivered(batch, tries=2)
    assert at_desk.dispatch(1_000) == []

    [kept] = at_desk.told("deliveries")
    assert (kept["result"], kept["receiver"], kept["key"], kept["tries"]) == ("delivered", "nurse", batch.key, 2)
    assert (kept["alert_id"], kept["revision"], kept["seconds"]) == ("p1-alert", 2, 1)
    assert [(entry.partition, entry.key) for entry in at_desk.written] == [(3, b"p1")]


def test_a_call_that_is_on_its_way_is_no_longer_wanted_once_somebody_answered(desk: Make, live: Make) -> None:
    at_desk = desk()
    at_desk.hear(live())
    [batch] = at_desk.dispatch(0)
    assert at_desk.dispatcher.still_wanted(batch) == batch

    at_desk.hear(live(revision=3, notify=False, state="acknowledged"))

    assert at_desk.dispatcher.still_wanted(batch) is None


def test_a_call_is_not_wanted_for_an_alert_that_is_told_anew(desk: Make, live: Make) -> None:
    at_desk = desk()
    at_desk.hear(live())
    [batch] = at_desk.dispatch(0)

    at_desk.hear(live(revision=3, priority="high"))

    assert at_desk.dispatcher.still_wanted(batch) is None


def test_an_alert_that_is_over_before_anybody_took_the_call_is_told_once_all_the_same(
    desk: Make, live: Make, route: Make
) -> None:
    at_desk = desk(route("nurse", "doctor", escalate_after_seconds=30, repeat_seconds=60, patience_seconds=100))
    at_desk.hear(live())
    [batch] = at_desk.dispatch(0)
    at_desk.dispatcher.in_trouble(batch, "it answered 500")

    at_desk.hear(live(revision=3, state="closed", notify=False))

    [call] = at_desk.dispatcher.still_wanted(batch).calls
    assert call.newest.state == "closed"
    assert at_desk.dispatch(50) == []
    at_desk.dispatcher.delivered(batch, tries=2)
    assert (len(at_desk.told("deliveries")), len(at_desk.book)) == (1, 0)
    assert at_desk.dispatch(1_000) == []
    assert at_desk.reports == []


def test_who_can_not_be_told_of_what_is_over_is_given_up_when_patience_ends(
    desk: Make, live: Make, route: Make
) -> None:
    at_desk = desk(route(patience_seconds=100))
    at_desk.hear(live())
    [batch] = at_desk.dispatch(0)
    at_desk.hear(live(revision=3, state="closed", notify=False))

    at_desk.dispatch(99)
    assert at_desk.dispatcher.still_wanted(batch) is not None
    at_desk.dispatch(100)

    assert at_desk.dispatcher.still_wanted(batch) is None
    assert (at_desk.reports, len(at_desk.book)) == ([], 0)


@pytest.mark.parametrize("told", [True, False])
def test_an_alert_that_is_over_calls_nobody_who_was_not_being_called(told: bool, desk: Make, live: Make) -> None:
    at_desk = desk()
    at_desk.hear(live())
    if told:
        [batch] = at_desk.dispatch(0)
        at_desk.dispatcher.delivered(batch, tries=1)

    at_desk.hear(live(revision=3, state="closed", notify=False))

    assert at_desk.dispatch(1) == []
    assert len(at_desk.book) == 0


def test_of_a_group_only_what_nobody_answered_is_still_wanted(desk: Make, live: Make, route: Make) -> None:
    at_desk = desk(route(group_by=["ward"]))
    at_desk.hear(live(alert_id="a"))
    at_desk.hear(live(alert_id="b"))
    [batch] = at_desk.dispatch(0)

    at_desk.hear(live(alert_id="a", revision=3, state="acknowledged", notify=False))

    assert [call.alert.alert_id for call in at_desk.dispatcher.still_wanted(batch).calls] == ["b"]


def test_an_alert_of_a_partition_that_went_to_another_is_not_wanted_here_but_what_was_delivered_is_kept(
    desk: Make, live: Make
) -> None:
    at_desk = desk()
    at_desk.hear(live())
    [batch] = at_desk.dispatch(0)

    at_desk.dispatcher.drop(3)

    assert at_desk.dispatcher.still_wanted(batch) is None
    at_desk.dispatcher.delivered(batch, tries=1)
    assert len(at_desk.told("deliveries")) == 1


def test_a_call_from_before_a_partition_went_and_came_back_is_not_made_beside_the_new_one(
    desk: Make, live: Make
) -> None:
    at_desk = desk()
    at_desk.hear(live())
    [before] = at_desk.dispatch(0)

    at_desk.dispatcher.drop(3)
    at_desk.book = Book(3)
    at_desk.hear(live())
    at_desk.dispatcher.hold(at_desk.book)
    [after] = at_desk.dispatch(1)

    assert after.key == before.key
    assert at_desk.dispatcher.still_wanted(before) is None
    at_desk.dispatcher.not_made(before)
    assert at_desk.dispatcher.still_wanted(after) == after
    at_desk.dispatcher.delivered(before, tries=1)  # It was out all the time, and got through.
    assert at_desk.dispatcher.still_wanted(after) is None


def test_a_repeat_takes_the_place_of_a_call_that_did_not_get_through(desk: Make, live: Make, route: Make) -> None:
    at_desk = desk(route(repeat_seconds=60))
    at_desk.hear(live())
    [first] = at_desk.dispatch(0)

    [second] = at_desk.dispatch(60)

    assert second.key != first.key
    assert at_desk.dispatcher.still_wanted(first) is None
    assert at_desk.dispatcher.still_wanted(second) == second


# --- Reports ----------------------------------------------------------------------------------------------------------


def test_it_is_reported_once_that_nobody_could_be_reached_and_once_that_somebody_was(desk: Make, live: Make) -> None:
    at_desk = desk()
    at_desk.hear(live())
    [batch] = at_desk.dispatch(0)
    at_desk.dispatcher.in_trouble(batch, "status 503")

    for second in (119, 120, 121):
        at_desk.dispatch(second)
    assert at_desk.reports == [(False, ["nurse"], "nurse: status 503")]

    at_desk.dispatcher.delivered(batch, tries=9)
    at_desk.dispatch(300)
    assert at_desk.reports[1:] == [(True, ["nurse"], None)]
    assert [each["result"] for each in at_desk.told("deliveries")] == ["unreached", "reached", "delivered"]


def test_a_report_is_a_record_of_the_log_in_the_alerts_partition(desk: Make, live: Make) -> None:
    at_desk = desk()
    at_desk.hear(live())
    at_desk.dispatch(120)

    [entry] = [entry for entry in at_desk.written if entry.topic == "live.patient-events"]
    report = codec.decode(entry.value)

    assert isinstance(report, DeliveryReport)
    assert (entry.partition, entry.key, report.alert_id, report.revision) == (3, b"p1", "p1-alert", 2)
    assert report.origin == "live"


def test_after_an_outage_patience_begins_when_the_partition_is_taken_over(desk: Make, live: Make, route: Make) -> None:
    at_desk = desk(route("nurse", "doctor", escalate_after_seconds=9_000))
    at_desk.hear(live())
    at_desk.second = 5_000
    at_desk.dispatcher.hold(at_desk.book)

    assert [batch.receiver for batch in at_desk.dispatch(5_000)] == ["nurse"]
    assert at_desk.dispatch(5_119) == []
    assert at_desk.reports == []

    assert [batch.receiver for batch in at_desk.dispatch(5_120)] == ["doctor"]
    assert at_desk.reports == [(False, ["doctor", "nurse"], "no answer yet")]


def test_what_was_reported_before_a_restart_is_not_reported_again(desk: Make, live: Make) -> None:
    before, after = desk(), desk()
    for at_desk in (before, after):
        at_desk.hear(live())
    before.dispatch(120)
    [kept] = [entry.value for entry in before.written if entry.topic == "live.deliveries"]

    after.book.remember(decode(kept))
    [batch] = after.dispatch(130)
    assert after.reports == []
    after.dispatcher.delivered(batch, tries=1)
    assert after.reports == [(True, ["nurse"], None)]


def test_that_nobody_could_be_told_of_an_alert_is_not_reported_of_that_alert_itself(desk: Make, live: Make) -> None:
    at_desk = desk()
    at_desk.hear(live(kind="delivery", category="technical", priority="high"))

    assert len(at_desk.dispatch(120)) == 1

    assert at_desk.reports == []


def test_an_answered_alert_is_not_reported(desk: Make, live: Make) -> None:
    at_desk = desk()
    at_desk.hear(live())
    at_desk.hear(live(revision=3, notify=False, state="acknowledged"))

    at_desk.dispatch(120)

    assert at_desk.reports == []


def test_a_live_alert_that_no_route_takes_is_reported_at_once_unless_it_is_low(
    desk: Make, live: Make, route: Make
) -> None:
    at_desk = desk(route(match={"ward": "B2"}))
    for priority in ("low", "medium"):
        at_desk.hear(live(alert_id=priority, priority=priority))
    at_desk.hear(live(alert_id="simulated", origin="simulated", priority="high"))

    assert at_desk.dispatch(0) == []

    assert [each["alert_id"] for each in at_desk.told("patient-events")] == ["medium"]
    assert at_desk.reports == [(False, [], "no route takes it")]


def test_a_receiver_that_refuses_is_followed_by_the_next_step_at_once(desk: Make, live: Make, route: Make) -> None:
    at_desk = desk(route("nurse", "doctor", escalate_after_seconds=600))
    at_desk.hear(live())
    [batch] = at_desk.dispatch(0)

    at_desk.second = 1
    at_desk.dispatcher.refused(batch, "status 404")

    assert [each.receiver for each in at_desk.dispatch(1)] == ["doctor"]
    assert at_desk.dispatch(2) == []


def test_alerts_that_nobody_was_told_of_are_shown(desk: Make, live: Make) -> None:
    at_desk = desk()
    for number in range(3):
        at_desk.hear(live(alert_id=f"a{number}", priority="high"))
    at_desk.hear(live(alert_id="practice", origin="replay"))
    batches = at_desk.dispatch(0)
    at_desk.dispatcher.delivered(batches[0], tries=1)

    sample = at_desk.metrics.registry.get_sample_value
    assert sample("vigil_undelivered_alerts", {"priority": "high"}) == 2
    assert sample("vigil_undelivered_alerts", {"priority": "medium"}) == 0
    assert sample("vigil_delivery_seconds_count") == 1


# --- Restarts ---------------------------------------------------------------------------------------------------------

FATES = st.lists(st.sampled_from(["written", "taken", "failed"]), max_size=12)


@settings(deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fates=st.lists(FATES, max_size=4))
def test_whenever_it_dies_each_alert_is_delivered_and_what_was_written_down_is_not_delivered_again(
    fates: list[list[str]], desk: Make, live: Make
) -> None:
    alerts = [live(alert_id=f"a{number}") for number in range(5)]
    taken: dict[str, list[str]] = {alert.alert_id: [] for alert in alerts}
    written: list[Entry] = []

    for run in [*fates, ["written"] * 5]:
        at_desk = desk()
        for alert in alerts:
            at_desk.hear(alert)
        for entry in written:
            at_desk.book.remember(decode(entry.value))
        known = {decode(entry.value).alert_id for entry in written}
        for batch, fate in zip(at_desk.dispatch(0), run, strict=False):
            [call] = batch.calls
            assert call.alert.alert_id not in known
            if fate != "failed":
                taken[call.alert.alert_id].append(batch.key)
            if fate == "written":  # Else it dies before that is in the ledger.
                at_desk.dispatcher.delivered(batch, tries=1)
        written += [entry for entry in at_desk.written if entry.topic == TOPICS["deliveries"]]

    assert all(taken.values())
    assert {len(set(keys)) for keys in taken.values()} == {1}
