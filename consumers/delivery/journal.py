"""What the deliverer writes: records in order, each tried until Kafka has it."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, wait_fixed

log = logging.getLogger(__name__)

_PAUSE = wait_fixed(0.5)
_REQUEST_MS = 10_000


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One record on its way."""

    topic: str
    partition: int
    key: bytes
    value: bytes


class Journal:
    """Writes one record after the other; with the broker away they wait, in order."""

    def __init__(self, client: Mapping[str, Any]) -> None:  # Any: aiokafka's to say
        self._producer = AIOKafkaProducer(**client, acks="all", enable_idempotence=True, request_timeout_ms=_REQUEST_MS)
        self._entries: asyncio.Queue[Entry] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Connects, and begins to write."""
        await self._producer.start()
        self._task = asyncio.create_task(self._write_all(), name="journal")

    def add(self, *entries: Entry) -> None:
        """Puts records at the end of what is to be written."""
        for entry in entries:
            self._entries.put_nowait(entry)

    async def written(self) -> None:
        """Returns when everything is in Kafka; may take as long as the broker is away."""
        await self._entries.join()

    async def reach_broker(self) -> bool:
        """Whether a broker answers; may take long."""
        return bool(await self._producer.client.force_metadata_update())

    async def close(self) -> None:
        """Stops; may hang when the broker is gone."""
        if self._task is not None:
            self._task.cancel()
        await self._producer.stop()

    async def _write_all(self) -> None:
        while True:
            entry = await self._entries.get()
            async for attempt in AsyncRetrying(
                retry=retry_if_exception_type(KafkaError), wait=_PAUSE, before_sleep=_tell
            ):
                with attempt:
                    await self._producer.send_and_wait(entry.topic, entry.value, entry.key, partition=entry.partition)
            self._entries.task_done()


def _tell(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome is not None else None
    log.warning("Kafka does not take a record of delivery (%s): trying on", type(error).__name__)
