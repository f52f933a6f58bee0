"""Reading topics back: everything committed up to where each partition ended when the reading began."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from streams.topics import PARTITIONS

_FETCH_BYTES = 4 * 1024 * 1024
_POLL_MS = 500

Records = list["ConsumerRecord[bytes | None, bytes | None]"]


def read_topics(
    client: Mapping[str, Any],
    topics: Sequence[str],
    *,
    in_order: bool = False,
    partitions: Sequence[int] = range(PARTITIONS),
) -> Iterator[Records]:
    """The records of topics in batches, each of one partition; topics and partitions must exist.

    In order means one partition after the other, else as they come, which is faster.
    """
    with asyncio.Runner() as runner:
        reader = runner.run(_start(client))
        try:
            ends = runner.run(_ends(reader, topics, partitions))
            for unread in [{place} for place in ends] if in_order else [set(ends)]:
                if unread:
                    runner.run(_aim(reader, list(unread)))
                while unread:
                    yield from runner.run(_fetch(reader, ends, unread))
        finally:
            runner.run(reader.stop())


async def _start(client: Mapping[str, Any]) -> AIOKafkaConsumer:
    reader = AIOKafkaConsumer(
        **client,
        isolation_level="read_committed",
        enable_auto_commit=False,
        auto_offset_reset="none",
        max_partition_fetch_bytes=_FETCH_BYTES,
    )
    try:
        await reader.start()
    except KafkaError:
        await reader.stop()
        raise
    return reader


async def _ends(
    reader: AIOKafkaConsumer, topics: Sequence[str], partitions: Sequence[int]
) -> dict[TopicPartition, int]:
    """Where each partition that holds something ends now."""
    places = [TopicPartition(topic, partition) for topic in topics for partition in partitions]
    first, ends = await reader.beginning_offsets(places), await reader.end_offsets(places)
    return {place: ends[place] for place in places if ends[place] > first[place]}


async def _aim(reader: AIOKafkaConsumer, places: Sequence[TopicPartition]) -> None:
    reader.assign(places)
    await reader.seek_to_beginning(*places)


async def _fetch(
    reader: AIOKafkaConsumer, ends: Mapping[TopicPartition, int], unread: set[TopicPartition]
) -> list[Records]:
    """What the next fetch brings; takes away from `unread` the partitions that are read to their end."""
    fetched = await reader.getmany(*unread, timeout_ms=_POLL_MS)
    for place in list(unread):
        if await reader.position(place) >= ends[place]:
            unread.discard(place)
    return [[record for record in records if record.offset < ends[place]] for place, records in fetched.items()]
