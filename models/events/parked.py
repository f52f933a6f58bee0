"""What could not be used."""

from models.events.vocabulary import DeadLetterReason, Record


class DeadLetter(Record, frozen=True, kw_only=True):
    """A record that could not be used: on the topic its original bytes are the value, the rest are headers."""

    reason: DeadLetterReason
    detail: str
    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes
