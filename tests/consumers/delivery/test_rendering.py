"""What people and programs are told, and what is kept from those who may not know."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from consumers.delivery.grouping import Batch
from consumers.delivery.plan import pending
from consumers.delivery.rendering import BadTemplate, Renderer, template_of
from models.events import Evidence

Make = Callable[..., Any]
At = Callable[[float], datetime]

SECRETS = {
    "patient_id": "patient-4711",
    "reason": "Heart rate 152 /min is over 120.",
    "clears_when": "It is under 115.",
    "device_id": "monitor-4711",
}
NAMED = {"alert_id": "p1-alert", "bed": "7"}


@pytest.fixture
def batch(opened: Make, route: Make, at: At) -> Callable[..., Batch]:
    """Makes the batch of one open alert, by a route with these settings."""

    def make(seconds: float = 0, settings: Any = None, **changes: Any) -> Batch:
        spoken = NAMED | {"kind": "limit", "code": "8867-4", "explanation": [Evidence(code="8867-4", value=152.5)]}
        each = opened(**(spoken | SECRETS | changes))
        calls = pending(each, [route(**(settings or {}))], at(seconds))
        return Batch(receiver="nurse", calls=tuple(calls))

    return make


def renderer(kind: str = "default", suffix: str = ".txt") -> Renderer:
    return Renderer("nurse", template_of(kind, suffix))


def test_a_text_says_how_urgent_what_where_and_how_long_ago(batch: Make, at: At) -> None:
    message = renderer().message(batch(priority="high"), at(14 * 60 + 30))

    assert message.title == "HIGH: heart rate too high, A1 bed 7"
    assert message.text == "HIGH: heart rate too high, A1 bed 7, raised 14 min ago. Ref p1-alert"


@pytest.mark.parametrize(("kind", "suffix"), [("default", ".txt"), ("console", ".txt"), ("apprise", ".html")])
def test_neither_a_measurement_nor_a_name_is_told_unless_the_route_allows_it(
    kind: str, suffix: str, batch: Make, at: At
) -> None:
    closed = renderer(kind, suffix).message(batch(), at(1))
    allowed = renderer(kind, suffix).message(batch(settings={"include_values": True}), at(1))

    told = json.dumps([closed.title, closed.text, closed.facts])
    assert [secret for secret in (*SECRETS.values(), "152", "4711") if secret in told] == []
    assert SECRETS["reason"] in allowed.text
    assert SECRETS["patient_id"] in allowed.text
    assert allowed.facts["alerts"][0].items() >= SECRETS.items()


def test_what_is_not_of_a_live_patient_is_marked_wherever_it_is_told(batch: Make, at: At) -> None:
    settings = {"origins": ["simulated"]}
    for kind in ("default", "console"):
        message = renderer(kind).message(batch(settings=settings, origin="simulated"), at(1))

        assert message.title.startswith("[simulated] ")
        assert message.text.startswith("[simulated")


def test_what_is_over_stale_or_repeated_is_said_to_be(opened: Make, live: Make, route: Make, at: At) -> None:
    each = opened(priority="high")
    each.newest = live(revision=3, priority="high", state="latched", stale=True, notify=False)
    calls = pending(each, [route(repeat_seconds=60)], at(60))

    text = renderer().message(Batch(receiver="nurse", calls=tuple(calls)), at(60)).text

    assert "over since, not acknowledged" in text
    assert "stale" in text
    assert "nobody has answered yet" in text


def test_the_age_is_by_the_clock_for_live_patients_and_since_it_was_heard_for_others(batch: Make, at: At) -> None:
    old = {"at": at(-3_600 * 30)}

    live = renderer().message(batch(**old), at(60))
    replayed = renderer().message(batch(settings={"origins": ["replay"]}, origin="replay", **old), at(60))

    assert "raised 30 h 1 min ago" in live.text
    assert "raised 1 min ago" in replayed.text


def test_what_a_feed_writes_can_not_be_markup_in_mail(batch: Make, at: At) -> None:
    text = renderer("apprise", ".html").message(batch(ward="<script>x</script>"), at(1)).text

    assert "<script>" not in text
    assert "&lt;script&gt;" in text


def test_the_key_of_a_message_is_that_of_its_call_and_each_alert_has_its_own(batch: Make, at: At) -> None:
    one = batch()
    message = renderer().message(one, at(1))

    assert message.key == one.calls[0].key == message.facts["alerts"][0]["key"]
    assert message.key == renderer().message(batch(), at(99)).key


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ alerts.append(1) }}",
        "{{ patient_name }}",
        "{% for alert in alerts %}",
        "{{ alerts[0]['nothing'] }}",
    ],
)
def test_a_template_that_reaches_for_what_is_not_its_is_refused(
    source: str, tmp_path: Path, batch: Make, at: At
) -> None:
    file = tmp_path / "own.txt"
    file.write_text(source)

    with pytest.raises(BadTemplate, match=r"own\.txt"):
        Renderer("nurse", file).message(batch(), at(1))
