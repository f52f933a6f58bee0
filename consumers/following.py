"""Following topics as a read_committed reader, from their beginning, in a thread of its own."""

import asyncio
import threading
import time
from collections.abc import Callable, Mapping
from queue import SimpleQueue
from types import TracebackType
from typing import Any, Self

from aiokafka import AIOKafkaConsumer

from consumers.closing import stop_in_time
from consumers.outputs import TopicName, Unreadable, read
from consumers.waiting import fetch, start_in_the_end
from models.events import Event, Output

_POLL_MS = 200


class Follower:
    """Reads topics into a queue that its owner empties when it likes; a broker that goes away is waited for.

    `client` is aiokafka's arguments, `topics` the full name of each topic by its short one. `heard_at` is when the last
    record came, by `clock`; before the first it is when the following began.
    """

    def __init__(
        self,
        client: Mapping[str, Any],
        topics: Mapping[TopicName, str],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.unreadable = 0
        self.heard_at = clock()
        self._client = client
        self._names = {full_name: name for name, full_name in topics.items()}
        self._clock = clock
        self._records: SimpleQueue[Output | Event] = SimpleQueue()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._follow()), name="follower", daemon=True)

    def new(self) -> list[Output | Event]:
        """What came since the last call."""
        return [self._records.get_nowait() for _ in range(self._records.qsize())]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop.set()
        self._thread.join(timeout=5)

    async def _follow(self) -> None:
        consumer = AIOKafkaConsumer(
            *self._names,
            **self._client,
            isolation_level="read_committed",
            enable_auto_commit=False,
            auto_offset_reset="earliest",
        )
        try:
            if await start_in_the_end(consumer, lambda: not self._stop.is_set()):
                while not self._stop.is_set():
                    await self._poll(consumer)
        finally:
            await stop_in_time(consumer)

    async def _poll(self, consumer: AIOKafkaConsumer) -> None:
        for place, records in (await fetch(consumer, _POLL_MS)).items():
            self.heard_at = self._clock()
            for record in records:
                self._take(self._names[place.topic], record)

    def _take(self, topic: TopicName, record: Any) -> None:  # aiokafka ships no types
        try:
            self._records.put(read(topic, record.value or b"", key=record.key, headers=record.headers))
        except Unreadable:
            self.unreadable += 1
