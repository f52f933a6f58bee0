"""Taking a partition over: load its checkpoint, then fold silently up to what was committed."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from models.checkpoints import BadCheckpoint
from streams.checkpoint import MARKER_KEY, decode_marker
from streams.fold import Restorable
from streams.inbox import InputRecord
from streams.leaving import UnusableError

YIELD_RECORDS = 250  # A fold must not keep heartbeats and other partitions waiting.


@dataclass(frozen=True, kw_only=True)
class Span:
    """What is in a log: offsets from `first` up to but not including `end`."""

    first: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Restored:
    """Where to go on, and what it took."""

    following: int
    checkpoint: int | None
    checkpoint_bytes: int


async def restore(
    fold: Restorable,
    source: TopicPartition,
    checkpoints: TopicPartition,
    *,
    client: Mapping[str, Any],
    group: str,
    in_thread: bool = False,
) -> Restored:
    """Brings a new fold to the committed offset; only true after the partition's last writer was fenced.

    One of which a single record may take seconds folds in a thread, so that heartbeats go on.
    """
    async with _reader(client, group) as reader:
        committed: int | None = await reader.committed(source)
        span = await _span(reader, source)
        checkpoint, size = await _load(reader, checkpoints, fold)
        start, following = _plan(source, span, checkpoint, committed)
        await _catch_up(reader, source, fold, start, following, in_thread=in_thread)
        return Restored(following=following, checkpoint=checkpoint, checkpoint_bytes=size)


async def read_again(
    source: TopicPartition, start: int, *, limit: int, client: Mapping[str, Any], group: str
) -> list[InputRecord]:
    """The records from `start` on, `limit` of them and what came with the last; deleted ones are an error."""
    found: list[InputRecord] = []
    async with _reader(client, group) as reader:
        span = await _span(reader, source)
        if start < span.first:
            raise UnusableError(f"{_where(source)}: records {start} to {span.first - 1} were deleted before their turn")
        async for records in _scan(reader, source, start, span.end):
            found += records
            if len(found) >= limit:
                break
    return found


def _plan(source: TopicPartition, span: Span, checkpoint: int | None, committed: int | None) -> tuple[int, int]:
    """From where to fold silently, and from where aloud; what can't be told for certain is an error."""
    where = _where(source)
    if committed is None:
        if checkpoint is not None:
            raise UnusableError(
                f"{where} has a checkpoint at {checkpoint} but no committed offset (expired?): what was already told "
                "is not known; start afresh with another prefix, or commit an offset by hand"
            )
        return span.first, span.first
    if committed > span.end:
        raise UnusableError(f"{where} ends at {span.end}, before the committed offset {committed}: it was cut")
    start = 0 if checkpoint is None else checkpoint
    if start < span.first:
        raise UnusableError(
            f"{where} begins at {span.first}, after the checkpoint at {start}: records were deleted that are still "
            "needed; restore the topic, or start afresh with another prefix"
        )
    if start > committed:
        raise UnusableError(
            f"{where} has a checkpoint at {start}, after the committed offset {committed}: it was moved back"
        )
    return start, committed


async def _load(reader: AIOKafkaConsumer, checkpoints: TopicPartition, fold: Restorable) -> tuple[int | None, int]:
    """Loads the last checkpoint into the fold; returns its input offset and its size in bytes."""
    latest: dict[bytes, bytes | None] = {}
    span = await _span(reader, checkpoints)
    async for records in _scan(reader, checkpoints, span.first, span.end):
        latest.update((record.key, record.value) for record in records)
    entries = {key: value for key, value in latest.items() if value is not None}
    size = sum(len(key) + len(value) for key, value in entries.items())
    marker = entries.pop(MARKER_KEY, None)
    if marker is None:
        return None, size
    offset = decode_marker(marker, checkpoints.partition).offset
    await _take_back(fold, entries)
    return offset, size


async def _take_back(fold: Restorable, entries: Mapping[bytes, bytes]) -> None:
    try:
        for number, (key, value) in enumerate(entries.items()):
            fold.restore(key, value)
            if number % YIELD_RECORDS == 0:
                await asyncio.sleep(0)
    except BadCheckpoint as error:
        raise UnusableError(f"{error}: run the version that wrote it, or start afresh with another prefix") from error


async def _catch_up(
    reader: AIOKafkaConsumer, source: TopicPartition, fold: Restorable, start: int, end: int, *, in_thread: bool
) -> None:
    """Folds what was committed before: its outputs are in Kafka already, so they are neither written nor counted."""
    async for records in _scan(reader, source, start, end):
        if in_thread:
            await asyncio.to_thread(_fold, fold, records)
            continue
        for first in range(0, len(records), YIELD_RECORDS):
            _fold(fold, records[first : first + YIELD_RECORDS])
            await asyncio.sleep(0)


def _fold(fold: Restorable, records: Sequence[Any]) -> None:
    for record in records:
        fold.advance(record.value or b"", offset=record.offset, key=record.key)


async def _span(reader: AIOKafkaConsumer, log: TopicPartition) -> Span:
    first, end = await reader.beginning_offsets([log]), await reader.end_offsets([log])
    return Span(first=first[log], end=end[log])


async def _scan(reader: AIOKafkaConsumer, log: TopicPartition, start: int, end: int) -> AsyncIterator[list[Any]]:
    """The committed records of a stretch of a log, in batches (Any: the client's records); offsets may have gaps."""
    if start >= end:
        return
    reader.assign([log])
    reader.seek(log, start)
    while await reader.position(log) < end:
        fetched = await reader.getmany(log, timeout_ms=200)
        yield [record for record in fetched.get(log, ()) if record.offset < end]


def _where(log: TopicPartition) -> str:
    return f"{log.topic}[{log.partition}]"


@asynccontextmanager
async def _reader(client: Mapping[str, Any], group: str) -> AsyncIterator[AIOKafkaConsumer]:
    reader = AIOKafkaConsumer(
        **client,
        group_id=group,
        isolation_level="read_committed",
        enable_auto_commit=False,
        auto_offset_reset="none",
    )
    await reader.start()
    try:
        yield reader
    finally:
        await reader.stop()
