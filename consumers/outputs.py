"""What the topics carry, from bytes to records."""

from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from models import codec
from models.events import Alert, AnswerResult, Assessment, DeadLetter, DeadLetterReason, Event, Output, Recommendation

TopicName = Literal["patient-events", "assessments", "alerts", "recommendations", "answers", "dead-letters"]
Headers = Iterable[tuple[str, bytes]]

_decoders: Mapping[str, msgspec.json.Decoder[Output]] = {
    "assessments": msgspec.json.Decoder(Assessment),
    "alerts": msgspec.json.Decoder(Alert),
    "recommendations": msgspec.json.Decoder(Recommendation),
    "answers": msgspec.json.Decoder(AnswerResult),
}


class Unreadable(Exception):
    """A record that this version can't read; the message says of which topic and why."""


def read(topic: TopicName, value: bytes, *, key: bytes | None = None, headers: Headers = ()) -> Output | Event:
    """One record by the short name of its topic; raises Unreadable."""
    try:
        if topic == "patient-events":
            return codec.decode(value)
        if topic == "dead-letters":
            return _dead_letter(value, key, {name: told.decode() for name, told in headers})
        return _decoders[topic].decode(value)
    except (codec.Undecodable, msgspec.MsgspecError, KeyError, ValueError) as error:
        raise Unreadable(f"{topic}: {error}") from error


def _dead_letter(value: bytes, key: bytes | None, told: Mapping[str, str]) -> DeadLetter:
    """A dead letter is its original bytes; what is known of it stands in its headers."""
    return DeadLetter(
        reason=msgspec.convert(told["reason"], DeadLetterReason),
        detail=told.get("detail", ""),
        topic=told.get("topic", ""),
        partition=int(told["partition"]),
        offset=int(told["offset"]),
        key=key,
        value=value,
    )
