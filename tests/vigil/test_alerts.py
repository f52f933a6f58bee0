"""`vigil alerts` before anything is published: what is taken of what a person types, and how alerts are shown."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import click
import msgspec
import pytest
from click.testing import CliRunner

from models.events import Alert, Answered, AnswerResult, Evidence
from tests.an_alert import an_alert
from vigil.alerts.lines import page, shortest, table
from vigil.alerts.reading import Story, only_one
from vigil.cli import cli
from vigil.errors import CommandFailed
from vigil.when import Duration, Moment

NOWHERE = ("--broker", "127.0.0.1:1")
NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)

Make = Callable[..., Alert]


@pytest.fixture
def alert() -> Make:
    """Makes an alert that stands."""

    def make(alert_id: str = "3f2a91c0d5", **changes: Any) -> Alert:
        fields: dict[str, Any] = {
            "alert_id": alert_id,
            "priority": "high",
            "at": NOW,
            "since": NOW - timedelta(minutes=12),
            "reason": "Heart rate 150 /min.",
            "clears_when": "It is lower.",
            "explanation": [Evidence(code="8867-4", value=150.0, limit=120.0, at=NOW)],
            "bed": "3",
        }
        return an_alert(**(fields | changes))

    return make


@pytest.mark.parametrize(
    ("text", "minutes"), [("90s", 1.5), ("30m", 30), ("30 min", 30), ("1h30m", 90), ("1.5H", 90), ("1h 30m", 90)]
)
def test_a_duration_is_told_as_people_tell_it(text: str, minutes: float) -> None:
    assert Duration(timedelta(hours=4)).convert(text, None, None) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["30", "", "m", "-5m", "0m", "4h1s", "1h and more", "nan h", "1e3h"])
def test_what_is_no_duration_or_too_long_is_refused(text: str) -> None:
    with pytest.raises(click.BadParameter):
        Duration(timedelta(hours=4)).convert(text, None, None)


def test_a_time_leaves_in_utc() -> None:
    assert Moment().convert("2026-11-21T04:00:00+01:00", None, None) == NOW


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["ack", "3f"], "--by"),
        (["ack", "3f", "--by", " "], "say who"),
        (["ack", "3f", "--by", "x", "--for", "1h", "--until", "2026-11-21T03:00:00Z"], "Either --for or --until"),
        (["ack", "3f", "--by", "x", "--for", "soon"], "no duration"),
        (["ack", "3f", "--by", "x", "--until", "2026-11-21T03:00:00"], "time zone"),
        (["snooze", "3f", "--by", "x"], "one of --for and --until"),
        (["snooze", "3f", "--by", "x", "--for", "5h"], "4h"),
        (["feedback", "3f", "nice", "--by", "x"], "not-actionable"),
        (["pause", "p1", "--by", "x", "--for", "1h"], "--reason"),
        (["pause", "p1", "--by", "x", "--reason", "y"], "one of --for, --until and --end"),
        (["pause", "p1", "--by", "x", "--reason", "y", "--for", "5h"], "4h"),
        (["list", "--state", "closed"], "closed"),
    ],
)
def test_a_mistake_is_one_line_and_nothing_is_published(arguments: list[str], told: str) -> None:
    done = CliRunner().invoke(cli, ["alerts", *arguments, *NOWHERE])

    assert (done.exit_code, done.stdout) == (2, "")
    assert told in done.stderr


def test_the_table_tells_who_what_since_when_and_who_answered(alert: Make) -> None:
    answered = Answered(by="dr-3", at=NOW, priority="high", expires_at=NOW + timedelta(minutes=30))
    put_off = alert("ffff0000", snoozed_until=NOW + timedelta(hours=1), inhibited_by="snooze", patient_id="p2")

    lines = list(table([alert(state="acknowledged", acknowledgement=answered), put_off], NOW))

    assert lines[0].split() == ["ID", "PRIORITY", "STATE", "WHO", "WHAT", "SINCE", "AGE", "ANSWERED", "WHY"]
    assert "3f2a91c0  HIGH      acknowledged  A1 3 (p1)  heart rate high  11-21 02:48  12m" in lines[1]
    assert "acknowledged by dr-3 until 03:30" in lines[1]
    assert "snoozed until 04:00; not notified: snooze" in lines[2]
    assert {line.index(head) for line in lines[:1] for head in ("WHY",)} == {lines[1].index("Heart rate 150")}


def test_ids_are_as_short_as_tells_them_apart(alert: Make) -> None:
    assert shortest([alert("aaaaaaaaaa01"), alert("aaaaaaaaaa02"), alert("b" * 12)]) == 12
    assert shortest([alert("a" * 24), alert("b" * 24)]) == 8


def test_the_beginning_of_several_ids_is_none_of_them(alert: Make) -> None:
    found = [alert("3f2a"), alert("3f2a91")]

    with pytest.raises(CommandFailed, match=r"2 alerts begin with 3f2 \(3f2a, 3f2a91\): give more"):
        only_one(found, "3f2")
    assert only_one(found, "3f2a") == found[0], "a whole id is no beginning"
    assert only_one([], "3f2") is None


def test_the_page_tells_what_it_rests_on_each_revision_and_each_answer(alert: Make) -> None:
    first = alert(revision=1, state="pending", notify=False)
    result = AnswerResult(
        answer="Snooze",
        accepted=False,
        detail="It is pending.",
        at=NOW,
        by="dr-3",
        partition=0,
        offset=7,
        request_id="r",
        patient_id="p1",
        gateway_id=None,
        alert_id=first.alert_id,
        origin="live",
    )

    text = "\n".join(page(alert(feedback="actionable"), Story([first, alert()], [result]), NOW))

    assert text.startswith("!!! HIGH active  A1 3 (p1)  heart rate high\nHeart rate 150 /min.\n")
    assert "clears when:  It is lower." in text
    assert "feedback: actionable" in text
    assert "heart rate  150    -      120    -       2026-11-21 03:00:00" in text
    assert "1         2026-11-21 03:00:00  pending  high      no    Heart rate 150 /min." in text
    assert "2026-11-21 03:00:00  Snooze  dr-3  Refused: It is pending." in text


def test_what_a_record_brought_cannot_break_a_line(alert: Make) -> None:
    spoiled = msgspec.structs.replace(alert(), patient_id="p1\x1b[2J\nHIGH", ward=None, bed=None)

    lines = list(table([spoiled], NOW))

    assert len(lines) == 2
    assert "p1?[2J?HIGH" in lines[1]


def test_the_api_is_not_served_beyond_this_machine_without_a_token() -> None:
    done = CliRunner().invoke(cli, ["api", "--host", "0.0.0.0", *NOWHERE])

    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "needs a token" in done.stderr
