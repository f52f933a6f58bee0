"""Reading dead letters, and putting them on the log again."""

import base64
from collections.abc import Iterator, Mapping
from typing import Any

from aiokafka import ConsumerRecord
from msgspec import Struct

from producers.entry import Entry
from streams.topics import topic_name
from vigil.log_reader import read_topics

_PLACE = "dead-letter"
"""The header of a record that was a dead letter: the place that the letter named."""


class Letter(Struct, frozen=True):
    """One dead letter: why, where on the log the record stood, and its own bytes."""

    reason: str
    detail: str
    topic: str
    partition: int
    offset: int
    written_at: int
    key: bytes | None
    value: bytes

    @property
    def place(self) -> str:
        """Where the record stood, as one word."""
        return _place(self.topic, self.partition, self.offset)

    def told(self) -> dict[str, Any]:
        """Everything, as JSON can say it."""
        return {
            "reason": self.reason,
            "detail": self.detail,
            "topic": self.topic,
            "partition": self.partition,
            "offset": self.offset,
            "written_at_ms": self.written_at,
            "key": None if self.key is None else base64.b64encode(self.key).decode(),
            "value": base64.b64encode(self.value).decode(),
        }

    def again(self) -> Entry:
        """The record as it was, for its own partition, with a note of where it stood."""
        return Entry(self.value, self.place, self.key, None, self.partition, headers=((_PLACE, self.place.encode()),))


class Selection(Struct, frozen=True):
    """Which dead letters are meant; what is left open means any."""

    reasons: frozenset[str] = frozenset()
    partition: int | None = None
    offset: int | None = None

    def holds(self, letter: Letter) -> bool:
        """Whether a letter is one of them."""
        return (
            (not self.reasons or letter.reason in self.reasons)
            and self.partition in (None, letter.partition)
            and self.offset in (None, letter.offset)
        )


def read_letters(client: Mapping[str, Any], prefix: str, selection: Selection) -> list[Letter]:
    """The dead letters of a prefix, by partition and in the order in which they were written."""
    batches = read_topics(client, [topic_name(prefix, "dead-letters")], in_order=True)
    letters = (_letter(record) for records in batches for record in records)
    return [letter for letter in letters if selection.holds(letter)]


def replayed_places(client: Mapping[str, Any], prefix: str) -> frozenset[str]:
    """Where the records stood, and stand, that a replay has put on the log again: the log itself remembers.

    The place where one stands now is the place of its next dead letter, if it still can't be used.
    """
    return frozenset(_places(read_topics(client, [topic_name(prefix, "patient-events")])))


def _places(batches: Iterator[list[ConsumerRecord]]) -> Iterator[str]:
    for records in batches:
        for record in records:
            for before in [value.decode() for name, value in record.headers if name == _PLACE]:
                yield before
                yield _place(record.topic, record.partition, record.offset)


def _place(topic: str, partition: int, offset: int) -> str:
    return f"{topic}/{partition}/{offset}"


def _letter(record: ConsumerRecord) -> Letter:
    headers = {name: value.decode(errors="replace") for name, value in record.headers}
    return Letter(
        reason=headers.get("reason", "unknown"),
        detail=headers.get("detail", ""),
        topic=headers.get("topic", ""),
        partition=int(headers.get("partition", record.partition)),
        offset=int(headers.get("offset", -1)),
        written_at=record.timestamp,
        key=record.key,
        value=record.value or b"",
    )
