"""What the workers answer to one reading: heard from the moment before it is published, as a read_committed reader."""

import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from kafka import KafkaConsumer, TopicPartition

from consumers.outputs import TopicName, Unreadable, read
from models.events import Assessment, DeadLetter
from streams.topics import topic_name

_POLL_MS = 200
_ANSWERS: tuple[TopicName, ...] = ("assessments", "dead-letters")


class Listener:
    """Listens to the answers of one partition from its end on; outputs keep their input's partition."""

    def __init__(self, client: Mapping[str, Any], prefix: str, partition: int) -> None:
        self._names = {topic_name(prefix, name): name for name in _ANSWERS}
        self._consumer = KafkaConsumer(
            **client, isolation_level="read_committed", enable_auto_commit=False, auto_offset_reset="latest"
        )
        places = [TopicPartition(topic, partition) for topic in self._names]
        self._consumer.assign(places)
        self._consumer.seek_to_end(*places)
        for place in places:
            self._consumer.position(place)  # Only asking for it fixes where the end is now.

    def answer(self, reading_id: str, offset: int, seconds: float) -> Assessment | DeadLetter | None:
        """The assessment of a reading, or its dead letter, by its place on the log; None if none comes in time."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for place, records in self._consumer.poll(timeout_ms=_POLL_MS).items():
                for record in records:
                    told = self._read(place.topic, record)
                    if isinstance(told, Assessment) and told.reading_id == reading_id:
                        return told
                    if isinstance(told, DeadLetter) and told.offset == offset:
                        return told
        return None

    def _read(self, topic: str, record: Any) -> object:  # kafka-python ships no types
        """One answer; what another version wrote is none that is waited for here."""
        try:
            return read(self._names[topic], record.value, key=record.key, headers=record.headers)
        except Unreadable:
            return None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._consumer.close()
