"""Topics read back into records."""

from collections.abc import Callable
from typing import Any

import pytest

from consumers.outputs import TopicName, Unreadable, read
from models import codec
from models.events import DeadLetter


@pytest.mark.parametrize(
    ("topic", "fixture"),
    [("assessments", "assessment"), ("alerts", "alert"), ("recommendations", "recommendation")],
)
def test_an_output_comes_back_as_it_was(request: pytest.FixtureRequest, topic: TopicName, fixture: str) -> None:
    make: Callable[[], Any] = request.getfixturevalue(fixture)
    record = make()

    assert read(topic, codec.encode(record)) == record


@pytest.mark.parametrize(
    ("topic", "record", "field"),
    [
        (
            "answers",
            (
                b'{"type":"AnswerResult","answer":"Pause","accepted":true,"detail":"","at":"2026-11-21T03:00:00Z","by":"n",'
                b'"partition":0,"offset":7,"request_id":null,"patient_id":"p1","gateway_id":null,"alert_id":null,'
                b'"origin":"live"}'
            ),
            "recommendation_id",
        ),
        (
            "recommendations",
            (
                b'{"type":"Recommendation","recommendation_id":"r1","patient_id":"p1","at":"2026-11-21T03:00:00Z",'
                b'"kind":"response","priority":"low","text":"Look.","reason":"So.","codes":[],"source":"RCP 2017",'
                b'"state":"proposed","origin":"live","ward":null,"bed":null}'
            ),
            "answered_by",
        ),
    ],
)
def test_what_was_written_before_recommendations_were_answered_is_read(
    topic: TopicName, record: bytes, field: str
) -> None:
    told = read(topic, record)

    assert getattr(told, field) is None


def test_a_dead_letter_is_its_bytes_and_its_headers() -> None:
    headers = [("reason", b"invalid"), ("detail", b"no id"), ("topic", b"t"), ("partition", b"3"), ("offset", b"17")]

    record = read("dead-letters", b"garbage", key=b"p1", headers=headers)

    assert record == DeadLetter(
        reason="invalid", detail="no id", topic="t", partition=3, offset=17, key=b"p1", value=b"garbage"
    )


@pytest.mark.parametrize("topic", ["patient-events", "assessments", "alerts", "recommendations", "dead-letters"])
def test_what_cannot_be_read_is_named(topic: TopicName) -> None:
    with pytest.raises(Unreadable, match=topic):
        read(topic, b'{"type": "Other"}')
