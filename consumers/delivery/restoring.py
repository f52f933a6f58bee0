"""Taking a partition over: the open alerts and what was delivered of them, from the topics themselves."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from consumers.closing import stop_in_time
from consumers.delivery import ledger
from consumers.delivery.book import Book
from consumers.delivery.metrics import DeliveryMetrics
from consumers.outputs import Unreadable, read
from models.events import Alert

log = logging.getLogger(__name__)

_MARGIN_MS = 60_000  # Brokers whose clocks differ by less put a delivery after its alert.
_YIELD_RECORDS = 250


async def restore(
    book: Book,
    alerts: TopicPartition,
    deliveries: TopicPartition,
    committed: int | None,
    *,
    client: Mapping[str, Any],  # Any: aiokafka's to say
    metrics: DeliveryMetrics,
) -> int:
    """Reads both up to the ends that they have now; returns the offset of the next alert.

    What was committed is where the oldest open alert stands, so nothing before it matters. Without it, or where the
    topic does not hold it (deleted since, or made anew), all is read: nothing that is open is left out.
    """
    async with _reader(client) as reader:
        first, end = await _span(reader, alerts)
        start = committed if committed is not None and first <= committed <= end else first
        begun_at: int | None = None
        async for record in _scan(reader, alerts, start, end):
            begun_at = record.timestamp if begun_at is None else begun_at
            take(book, record, metrics)
        if len(book) and begun_at is not None:
            await _remember(reader, book, deliveries, begun_at - _MARGIN_MS, metrics)
        return end


def take(book: Book, record: Any, metrics: DeliveryMetrics) -> None:  # Any: aiokafka ships no types
    """One record of `alerts`, as the broker had it; what can't be read is counted."""
    try:
        alert = read("alerts", record.value or b"")
    except Unreadable:
        log.error(
            "alert at partition %d, offset %d can't be read: run a newer version", record.partition, record.offset
        )
        metrics.unreadable()
        return
    assert isinstance(alert, Alert)
    book.take(alert, offset=record.offset, heard_at=datetime.fromtimestamp(record.timestamp / 1000, UTC))


async def _remember(
    reader: AIOKafkaConsumer, book: Book, deliveries: TopicPartition, since_ms: int, metrics: DeliveryMetrics
) -> None:
    found = (await reader.offsets_for_times({deliveries: max(since_ms, 0)}))[deliveries]
    if found is None:
        return
    _, end = await _span(reader, deliveries)
    async for record in _scan(reader, deliveries, found.offset, end):
        try:
            book.remember(ledger.decode(record.value or b""))
        except ledger.UnreadableDelivery:
            metrics.unreadable()


async def _span(reader: AIOKafkaConsumer, place: TopicPartition) -> tuple[int, int]:
    first, end = await reader.beginning_offsets([place]), await reader.end_offsets([place])
    return first[place], end[place]


async def _scan(reader: AIOKafkaConsumer, place: TopicPartition, start: int, end: int) -> AsyncIterator[Any]:
    """The committed records of a stretch of a topic; offsets may have gaps."""
    if start >= end:
        return
    reader.assign([place])
    reader.seek(place, start)
    number = 0
    while await reader.position(place) < end:
        fetched = await reader.getmany(place, timeout_ms=200)
        for record in fetched.get(place, ()):
            if record.offset < end:
                yield record
            number += 1
            if number % _YIELD_RECORDS == 0:
                await asyncio.sleep(0)


@asynccontextmanager
async def _reader(client: Mapping[str, Any]) -> AsyncIterator[AIOKafkaConsumer]:
    reader = AIOKafkaConsumer(
        **client, isolation_level="read_committed", enable_auto_commit=False, auto_offset_reset="earliest"
    )
    await reader.start()
    try:
        yield reader
    finally:
        await stop_in_time(reader)
