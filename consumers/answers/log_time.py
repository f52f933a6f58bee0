"""What time it is where an answer counts: by the wall clock on a live log, else by the log's own newest tick."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from consumers.answers.topics import AnswerTopics
from consumers.closing import stop_in_time
from models import codec
from models.events import Tick

_POLL_MS = 200
_LOOK_BACK = (500, 20_000)
"""How many records from the end are looked at for a tick; the more only where the fewer hold none."""


class NoTime(Exception):
    """A log with a time of its own has told none, or none that could be read in time."""


async def now_of(
    client: Mapping[str, Any], topics: AnswerTopics, partition: int, otherwise: datetime | None = None
) -> datetime:
    """The time of a partition; where its log has told none it is `otherwise`, and without that raises NoTime."""
    if topics.origin == "live":
        return datetime.now(UTC)
    found = await _newest_tick(client, TopicPartition(topics.log, partition)) or otherwise
    if found is None:
        raise NoTime(f"{topics.log} has a time of its own and has told none yet")
    return found


async def _newest_tick(client: Mapping[str, Any], place: TopicPartition) -> datetime | None:
    consumer = AIOKafkaConsumer(
        **client, isolation_level="read_committed", enable_auto_commit=False, auto_offset_reset="none"
    )
    await consumer.start()
    try:
        consumer.assign([place])
        first, end = (await consumer.beginning_offsets([place]))[place], (await consumer.end_offsets([place]))[place]
        for records in _LOOK_BACK:
            ticks = await _ticks(consumer, place, max(first, end - records), end)
            if ticks:
                return max(ticks)
    finally:
        await stop_in_time(consumer)
    return None


async def _ticks(consumer: AIOKafkaConsumer, place: TopicPartition, begin: int, end: int) -> list[datetime]:
    """The times that the records between two offsets tell."""
    found: list[datetime] = []
    consumer.seek(place, begin)
    while await consumer.position(place) < end:
        for records in (await consumer.getmany(place, timeout_ms=_POLL_MS)).values():
            found += [at for record in records if (at := _time_told(record.value or b"")) is not None]
    return found


def _time_told(value: bytes) -> datetime | None:
    if b'"Tick"' not in value:
        return None
    try:
        told = codec.decode(value)
    except codec.Undecodable:
        return None
    return told.at if isinstance(told, Tick) else None
