"""What came out of a topic, and how fast, by the broker's own clock: every engine is measured the same way."""

from collections.abc import Iterable, Mapping
from contextlib import closing
from typing import Any

from kafka import TopicPartition
from kafka.admin import KafkaAdminClient, OffsetSpec

from streams.topics import PARTITIONS


def admin_client(client: Mapping[str, Any]) -> "closing[KafkaAdminClient]":
    """An admin client that is closed again."""
    return closing(KafkaAdminClient(**client))


def offsets(admin: KafkaAdminClient, topic: str) -> int:
    """How many offsets of a topic are used, those of transaction markers included."""
    places = [TopicPartition(topic, partition) for partition in range(PARTITIONS)]
    ends: Mapping[TopicPartition, Any] = admin.list_partition_offsets(dict.fromkeys(places, OffsetSpec.LATEST))
    return sum(end.offset for end in ends.values())


def records_per_second(appended_ms: Iterable[int]) -> float:
    """The rate from the first append to the last, in milliseconds; all at one instant took one of them.

    The records of the first append do not count: when the work on them began is not known.
    """
    times = sorted(appended_ms)
    if not times:
        return 0.0
    first, last = times[0], times[-1]
    later = sum(time > first for time in times) or len(times)
    return later / max(1, last - first) * 1000
