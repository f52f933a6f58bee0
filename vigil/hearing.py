"""What the workers make of what is published: heard from the moment before it is, as a read_committed reader."""

import time
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from kafka import KafkaConsumer, TopicPartition

from consumers.outputs import TopicName, Unreadable, read
from models.events import Event, Output
from streams.topics import topic_name

_POLL_MS = 200


class Hearing:
    """Hears topics of a prefix, by their short names, from where the given partitions ended when it was opened."""

    def __init__(
        self, client: Mapping[str, Any], prefix: str, topics: Sequence[TopicName], partitions: Sequence[int]
    ) -> None:
        self._names = {topic_name(prefix, name): name for name in topics}
        self._consumer = KafkaConsumer(
            **client, isolation_level="read_committed", enable_auto_commit=False, auto_offset_reset="latest"
        )
        places = [TopicPartition(topic, partition) for topic in self._names for partition in partitions]
        self._consumer.assign(places)
        self._consumer.seek_to_end(*places)
        for place in places:
            self._consumer.position(place)  # Only asking for it fixes where the end is now.

    def heard(self, seconds: float) -> Iterator[Output | Event]:
        """The records as they come, until the time is up; what another version wrote is none that is waited for."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for place, records in self._consumer.poll(timeout_ms=_POLL_MS).items():
                for record in records:
                    try:
                        yield read(self._names[place.topic], record.value, key=record.key, headers=record.headers)
                    except Unreadable:
                        continue

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._consumer.close()
