"""Which alerts stand, in which order, and the record that an answer becomes."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any

import msgspec
import pytest

from consumers.answers import desk, follower
from consumers.answers.desk import Desk
from consumers.answers.follower import StandingFollower
from consumers.answers.standing import Overfull, Selection, StandingAlerts
from consumers.answers.topics import AnswerTopics
from consumers.answers.wishes import (
    AcknowledgementWish,
    FeedbackWish,
    PauseWish,
    RecommendationWish,
    SnoozeWish,
    answer_of,
    decision_of,
    pause_of,
)
from models import codec
from models.events import Alert

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)

TOPICS = AnswerTopics(log="l", answers="a", dead_letters="d", standing="s", partitions=8, origin="live")

Make = Callable[..., Alert]


class StopHereError(Exception):
    """The client was made; nothing more is to happen."""


def standing(*alerts: Alert, most: int = 100) -> StandingAlerts:
    found = StandingAlerts(most)
    for each in alerts:
        found.take(each.alert_id.encode(), codec.encode(each))
    return found


def test_the_most_urgent_comes_first_then_the_unanswered_then_the_oldest(alert: Make) -> None:
    medium = alert(alert_id="medium", since=NOW - timedelta(hours=9))
    answered = alert(alert_id="answered", priority="high", state="acknowledged", since=NOW - timedelta(hours=5))
    new = alert(alert_id="new", priority="high", since=NOW)
    old = alert(alert_id="old", priority="high", since=NOW - timedelta(hours=1))

    found = standing(medium, answered, new, old).selected(Selection())

    assert [each.alert_id for each in found] == ["old", "new", "answered", "medium"]


@pytest.mark.parametrize(
    ("selection", "ids"),
    [
        (Selection(), ["a", "b"]),
        (Selection(all=True), ["a", "b", "c"]),
        (Selection(state=["pending"]), ["c"]),
        (Selection(patient=["p1"], all=True), ["a", "c"]),
        (Selection(ward=["A2", "A3"]), ["b"]),
        (Selection(priority=["high"]), ["a"]),
        (Selection(kind=["limit"], ward=["A1"]), []),
    ],
)
def test_a_selection_leaves_out_what_is_not_meant_and_what_nobody_was_told_of(
    selection: Selection, ids: list[str], alert: Make
) -> None:
    found = standing(
        alert("p1", alert_id="a", priority="high"),
        alert("p2", alert_id="b", ward="A2"),
        alert("p1", alert_id="c", state="pending", priority="low"),
    )

    assert [each.alert_id for each in found.selected(selection)] == ids


def test_an_alert_that_has_closed_stands_no_more_and_a_newer_revision_takes_the_place_of_an_older(alert: Make) -> None:
    found = standing(alert(alert_id="a"), alert(alert_id="b"), alert(alert_id="a", revision=3))

    found.take(b"b", None)

    assert [each.revision for each in found.selected(Selection())] == [3]
    assert found.find("b") is None
    assert found.find_or_closed("b") is not None, "people judge an alert when it is over"


def test_what_another_version_wrote_is_counted_until_it_closes() -> None:
    found = standing()

    found.take(b"a", b'{"type": "Alert", "v": 2}')
    assert found.unreadable == 1
    found.take(b"a", None)

    assert found.unreadable == 0


def test_more_than_can_be_kept_is_no_answer_at_all(alert: Make) -> None:
    found = standing(alert(alert_id="a"), alert(alert_id="b"), alert(alert_id="a", revision=3), most=2)
    assert len(found.selected(Selection())) == 2

    found.take(b"c", codec.encode(alert(alert_id="c")))

    with pytest.raises(Overfull, match="more than 2 alerts"):
        found.find("a")


def test_an_alert_is_found_by_how_its_id_begins(alert: Make) -> None:
    found = standing(alert(alert_id="ab1"), alert(alert_id="ab2"), alert(alert_id="b"))

    assert [each.alert_id for each in found.beginning_with("ab")] == ["ab1", "ab2"]


@pytest.mark.parametrize(("ends", "until"), [({}, None), ({"for_seconds": 60.0}, NOW + timedelta(minutes=1))])
def test_an_acknowledgement_says_who_which_revision_and_until_when(
    ends: dict[str, Any], until: datetime | None, alert: Make
) -> None:
    seen = alert(revision=4)

    told = answer_of(AcknowledgementWish(by="dr-3", revision=3, reason="seen", **ends), seen, NOW)

    assert (told.alert_id, told.patient_id, told.gateway_id) == (seen.alert_id, "p1", None)
    assert (told.by, told.reason, told.at) == ("dr-3", "seen", NOW)
    assert msgspec.to_builtins(told)["revision"] == 3
    assert msgspec.structs.asdict(told)["expires_at"] == until


def test_no_two_answers_have_the_same_request_id(alert: Make) -> None:
    wish = FeedbackWish(by="dr-3", usefulness="actionable")

    assert answer_of(wish, alert(), NOW).request_id != answer_of(wish, alert(), NOW).request_id


def test_an_answer_about_a_gateway_is_of_no_patient(alert: Make) -> None:
    told = answer_of(SnoozeWish(by="x", revision=1, for_seconds=60), alert(patient_id=None, gateway_id="g1"), NOW)

    assert (told.patient_id, told.gateway_id) == (None, "g1")
    assert codec.decode(codec.encode(told)) == told


def test_a_pause_of_no_seconds_ends_one() -> None:
    told = pause_of(PauseWish(by="nurse-7", reason="done", for_seconds=0), "p1", NOW)

    assert told.until == told.at == NOW


def test_an_answer_to_a_recommendation_says_whose_it_is_and_what_becomes_of_it() -> None:
    wish = RecommendationWish(by="dr-3", decision="declined", reason="comfort care")

    told = decision_of(wish, "p1", "r1", NOW)

    assert codec.decode(codec.encode(told)) == told
    assert (told.patient_id, told.recommendation_id, told.at) == ("p1", "r1", NOW)
    assert (told.by, told.decision, told.reason) == ("dr-3", "declined", "comfort care")
    assert told.request_id != decision_of(wish, "p1", "r1", NOW).request_id


@pytest.mark.parametrize(
    ("kind", "wish", "complaint"),
    [
        (SnoozeWish, {"by": "x", "revision": 1}, "`until` or for_seconds"),
        (SnoozeWish, {"by": "x", "revision": 1, "for_seconds": 5, "until": "2026-11-21T03:00:00Z"}, "not both"),
        (AcknowledgementWish, {"by": " ", "revision": 1}, r"at `\$.by`"),
        (AcknowledgementWish, {"by": "x", "revision": 0}, r"at `\$.revision`"),
        (AcknowledgementWish, {"by": "x", "revision": 1, "until": "2026-11-21T03:00:00"}, r"at `\$.until`"),
        (SnoozeWish, {"by": "x", "revision": 1, "for_seconds": 14401}, r"at `\$.for_seconds`"),
        (PauseWish, {"by": "x", "for_seconds": 60}, "`reason`"),
        (PauseWish, {"by": "x", "reason": "y", "for_seconds": 14401}, r"at `\$.for_seconds`"),
        (FeedbackWish, {"by": "x", "usefulness": "nice"}, r"at `\$.usefulness`"),
        (FeedbackWish, {"by": "x", "usefulness": "actionable", "alert": "a"}, "`alert`"),
        (RecommendationWish, {"by": "x", "decision": "withdrawn"}, r"at `\$.decision`"),
        (RecommendationWish, {"by": "x", "decision": "declined"}, "`reason`"),
        (RecommendationWish, {"by": "x", "decision": "declined", "reason": " "}, "`reason`"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_its_field(kind: type, wish: dict[str, Any], complaint: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=complaint):
        msgspec.json.decode(msgspec.json.encode(wish), type=kind)


@pytest.mark.parametrize(
    ("module", "client", "opened"),
    [
        (desk, "AIOKafkaConsumer", Desk({"ssl_context": "whole"}, TOPICS)),
        (desk, "AIOKafkaProducer", Desk({"ssl_context": "whole"}, TOPICS)),
        (follower, "AIOKafkaConsumer", StandingFollower({"ssl_context": "whole"}, TOPICS, most=1)),
    ],
)
def test_the_connection_reaches_every_client_and_what_is_read_is_committed(
    module: ModuleType, client: str, opened: AbstractAsyncContextManager[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[dict[str, Any]] = []

    def make(**arguments: Any) -> None:
        made.append(arguments)
        raise StopHereError

    monkeypatch.setattr(module, "AIOKafkaConsumer", lambda **_: None)
    monkeypatch.setattr(module, client, make)

    with pytest.raises(StopHereError):
        asyncio.run(opened.__aenter__())

    assert made[0]["ssl_context"] == "whole"
    assert made[0].get("isolation_level" if "Consumer" in client else "acks") in ("read_committed", "all")
