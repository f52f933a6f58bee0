"""What goes to Kafka: an output or a checkpoint entry as topic, key, value and headers."""

from collections.abc import Iterable
from typing import NamedTuple

from models import codec
from models.events import Alert, AnswerResult, DeadLetter, Output
from streams.topics import CURRENT, topic_of

Headers = tuple[tuple[str, bytes], ...]


class Outgoing(NamedTuple):
    """One record to write; its partition is that of the input. Without a value it takes a key off a compacted topic."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers = ()


def outgoing(output: Output) -> Outgoing:
    """An output as it is written: JSON under the id of whom it is of, or a dead letter's original bytes and key."""
    if isinstance(output, DeadLetter):
        return Outgoing(topic_of(output), _key(output), output.value, _dead_letter_headers(output))
    return Outgoing(topic_of(output), _key(output), codec.encode(output))


def current(outputs: Iterable[Output]) -> list[Outgoing]:
    """What the outputs make of the alerts that stand: the newest revision of each, nothing where it closed."""
    newest = {output.alert_id: output for output in outputs if isinstance(output, Alert)}
    return [
        Outgoing(CURRENT, alert_id.encode(), None if alert.state == "closed" else codec.encode(alert))
        for alert_id, alert in newest.items()
    ]


def _key(output: Output) -> bytes | None:
    """Of whom it is: a patient, or a gateway; a dead letter keeps its own."""
    if isinstance(output, DeadLetter):
        return output.key
    if isinstance(output, (Alert, AnswerResult)):
        return (output.patient_id or output.gateway_id or "").encode() or None
    return output.patient_id.encode()


def _dead_letter_headers(letter: DeadLetter) -> Headers:
    fields = {
        "reason": letter.reason,
        "detail": letter.detail,
        "topic": letter.topic,
        "partition": str(letter.partition),
        "offset": str(letter.offset),
    }
    return tuple((name, text.encode(errors="replace")) for name, text in fields.items())
