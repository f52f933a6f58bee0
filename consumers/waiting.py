"""Waiting for a broker that is away, as a reader does that must not end for it."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

_PAUSE_SECONDS = 0.5


async def start_in_the_end(consumer: AIOKafkaConsumer, is_wanted: Callable[[], bool] = lambda: True) -> bool:
    """Connects, however long that takes; false when it is not wanted any more before that."""
    while is_wanted():
        try:
            await consumer.start()
        except KafkaError:
            await asyncio.sleep(_PAUSE_SECONDS)
        else:
            return True
    return False


async def fetch(
    consumer: AIOKafkaConsumer, timeout_ms: int, most: int | None = None
) -> dict[TopicPartition, Sequence[Any]]:  # Any: aiokafka ships no types
    """What came, by its place; nothing, half a second later, while the broker is away."""
    try:
        fetched: dict[TopicPartition, Sequence[Any]] = await consumer.getmany(timeout_ms=timeout_ms, max_records=most)
    except KafkaError:
        await asyncio.sleep(_PAUSE_SECONDS)
        return {}
    return fetched
