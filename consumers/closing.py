"""Leaving a client of Kafka's."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Protocol

from aiokafka.errors import KafkaError

_SECONDS = 5.0


class Client(Protocol):
    """aiokafka's producer or consumer."""

    def stop(self) -> Coroutine[Any, Any, None]:
        """Ends its tasks and connections."""


async def stop_in_time(client: Client) -> None:
    """Stops a client within 5 s, though the broker may be gone; what Kafka says to that is of no use any more."""
    await leave_in_time(client.stop())


async def leave_in_time(leaving: Coroutine[Any, Any, None]) -> None:
    """Awaits what leaves Kafka, as `stop_in_time` does.

    aiokafka lets the cancellation of its own fetches out (aio-libs/aiokafka#647): it must not pass for this task's.
    """
    stopping = asyncio.create_task(leaving, name="stopping a client")
    try:
        await asyncio.wait({stopping}, timeout=_SECONDS)
    finally:
        stopping.cancel()
    if stopping.done() and not stopping.cancelled():
        error = stopping.exception()
        if error is not None and not isinstance(error, KafkaError):
            raise error
