"""What goes to Kafka: an output or a checkpoint entry as topic, key, value and headers."""

from typing import NamedTuple

from models import codec
from models.events import DeadLetter, Output
from streams.topics import topic_of

Headers = tuple[tuple[str, bytes], ...]


class Outgoing(NamedTuple):
    """One record to write; its partition is that of the input."""

    topic: str
    key: bytes | None
    value: bytes
    headers: Headers = ()


def outgoing(output: Output) -> Outgoing:
    """An output as it is written: JSON under the patient's id, or a dead letter's original bytes and key."""
    if isinstance(output, DeadLetter):
        return Outgoing(topic_of(output), output.key, output.value, _dead_letter_headers(output))
    return Outgoing(topic_of(output), output.patient_id.encode(), codec.encode(output))


def _dead_letter_headers(letter: DeadLetter) -> Headers:
    fields = {
        "reason": letter.reason,
        "detail": letter.detail,
        "topic": letter.topic,
        "partition": str(letter.partition),
        "offset": str(letter.offset),
    }
    return tuple((name, text.encode(errors="replace")) for name, text in fields.items())
