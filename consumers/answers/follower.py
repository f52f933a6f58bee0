"""Following the alerts that stand, and knowing whether one has followed to the end."""

import asyncio
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from consumers.answers.standing import StandingAlerts
from consumers.answers.topics import AnswerTopics
from consumers.closing import stop_in_time

_POLL_MS = 200
_FETCH_WAIT_MS = 50  # Kafka answers the requests of a connection one by one: where the topic ends waits that long.
_PAUSE_SECONDS = 0.5


class Behind(Exception):
    """What is known is not what stands now: Kafka does not answer, or not all was read yet."""


class StandingFollower:
    """Keeps the alerts that stand in memory, and gives them only when they are those of now.

    Each question asks Kafka where the topic ends and waits until all up to there is read: whoever has heard the result
    of an answer sees it in the alert. `client` is aiokafka's arguments; at most `most` alerts are kept.
    """

    def __init__(self, client: Mapping[str, Any], topics: AnswerTopics, *, most: int) -> None:
        self._places = [TopicPartition(topics.standing, partition) for partition in range(topics.partitions)]
        self._client = client
        self._consumer: AIOKafkaConsumer | None = None
        self._alerts = StandingAlerts(most)
        self._read: dict[TopicPartition, int] = {}
        self._moved = asyncio.Condition()
        self._following: asyncio.Task[None] | None = None

    @property
    def following(self) -> asyncio.Task[None]:
        """What follows as long as this is open; it ends only where it fails."""
        assert self._following is not None
        return self._following

    async def standing(self, seconds: float) -> StandingAlerts:
        """The alerts that stand now; raises Behind where that can't be told in time."""
        assert self._consumer is not None
        try:
            async with asyncio.timeout(seconds):
                ends = await self._consumer.end_offsets(self._places)
                async with self._moved:
                    await self._moved.wait_for(lambda: all(self._read.get(each, -1) >= ends[each] for each in ends))
        except KafkaError as error:
            raise Behind(f"Kafka does not answer ({type(error).__name__})") from error
        except TimeoutError as error:
            raise Behind(f"Kafka has not answered, or not all alerts are read, within {seconds:g} s") from error
        if any(self._read[place] > ends[place] for place in ends):
            raise Behind("the topic of the alerts that stand was made anew: start this program again")
        return self._alerts

    async def _follow(self, consumer: AIOKafkaConsumer) -> None:
        while True:
            try:
                fetched = await consumer.getmany(timeout_ms=_POLL_MS)
                for records in fetched.values():
                    for record in records:
                        self._alerts.take(record.key or b"", record.value)
                read = {place: await consumer.position(place) for place in self._places}
            except KafkaError:
                await asyncio.sleep(_PAUSE_SECONDS)
                continue
            async with self._moved:
                self._read = read
                self._moved.notify_all()

    async def __aenter__(self) -> Self:
        consumer = self._consumer = AIOKafkaConsumer(
            **self._client,
            isolation_level="read_committed",
            enable_auto_commit=False,
            auto_offset_reset="none",
            fetch_max_wait_ms=_FETCH_WAIT_MS,
        )
        try:
            await consumer.start()
            consumer.assign(self._places)
            await consumer.seek_to_beginning(*self._places)
        except KafkaError:
            await stop_in_time(consumer)
            raise
        self._following = asyncio.create_task(self._follow(consumer), name="standing")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        if self._following is not None:
            self._following.cancel()
        if self._consumer is not None:
            await stop_in_time(self._consumer)
