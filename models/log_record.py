"""One record as it stands on the log, and how it is parked where it can't be used."""

from typing import NamedTuple

from models.events import DeadLetter, DeadLetterReason


class LogRecord(NamedTuple):
    """The bytes of one record and its place."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes

    def parked(self, reason: DeadLetterReason, detail: str) -> DeadLetter:
        """The record as a dead letter."""
        return DeadLetter(
            reason=reason,
            detail=detail,
            topic=self.topic,
            partition=self.partition,
            offset=self.offset,
            key=self.key,
            value=self.value,
        )

    def failed(self, error: Exception) -> DeadLetter:
        """The record as a dead letter for an exception while it was folded."""
        return self.parked("fold-failed", f"{type(error).__name__}: {error}")
