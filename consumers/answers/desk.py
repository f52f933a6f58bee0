"""Where answers are handed in: each published as one record, and what became of it heard from the workers."""

import asyncio
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError
from msgspec import Struct

from consumers.answers.topics import AnswerTopics
from consumers.closing import stop_in_time
from consumers.outputs import TopicName, Unreadable, read
from consumers.waiting import fetch
from models import codec
from models.events import Answer, AnswerResult, DeadLetter
from models.partitioning import partition_of

_POLL_MS = 200
_START_SECONDS = 10.0
_GIVE_UP_MS = 2_000


class NotPublished(Exception):
    """Kafka has not confirmed an answer: it may stand on the log or not."""


class Unanswered(Exception):
    """An answer is on the log, and no worker has said in time what becomes of it."""


class Parked(Exception):
    """An answer is on the log, and the workers could not use it; the message says why."""


class _Awaited(Struct, frozen=True):
    value: bytes
    heard: asyncio.Future[AnswerResult | DeadLetter]


class Desk:
    """Publishes answers and hears their results, from the moment before the first is published.

    `client` is aiokafka's arguments. An answer that Kafka does not confirm is given up after 2 s: it must not count
    hours later. So nothing here is idempotent; to hear the same answer twice changes nothing but a revision.
    """

    def __init__(self, client: Mapping[str, Any], topics: AnswerTopics) -> None:
        self.topics = topics
        self._client = client
        self._names: dict[str, TopicName] = {topics.answers: "answers", topics.dead_letters: "dead-letters"}
        self._awaited: dict[str, _Awaited] = {}
        self._consumer: AIOKafkaConsumer | None = None
        self._producer: AIOKafkaProducer | None = None
        self._listening: asyncio.Task[None] | None = None

    @property
    def listening(self) -> asyncio.Task[None]:
        """What hears results as long as the desk is open; it ends only where it fails."""
        assert self._listening is not None
        return self._listening

    def partition(self, subject: str) -> int:
        """Where the records of a patient or a gateway stand."""
        return partition_of(subject, self.topics.partitions)

    async def give(self, answer: Answer, subject: str, seconds: float) -> AnswerResult:
        """What became of an answer about a patient or a gateway; `request_id` must be its own.

        Raises NotPublished, Unanswered or Parked.
        """
        assert answer.request_id is not None
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        awaited = self._awaited[answer.request_id] = _Awaited(codec.encode(answer), loop.create_future())
        try:
            await self.publish(subject, awaited.value, deadline)
            async with asyncio.timeout_at(deadline):
                told = await awaited.heard
        except TimeoutError as error:
            raise Unanswered(f"no worker has answered within {seconds:g} s") from error
        finally:
            del self._awaited[answer.request_id]
        if isinstance(told, DeadLetter):
            raise Parked(f"{told.reason}: {told.detail}")
        return told

    # --- Publishing --------------------------------------------------------------------------------------------------

    async def publish(self, subject: str, value: bytes, deadline: float) -> None:
        """Puts a record about a patient or a gateway on the log by then; raises NotPublished."""
        producer = self._producer
        assert producer is not None
        try:
            async with asyncio.timeout_at(deadline):
                await producer.send_and_wait(
                    self.topics.log, value, subject.encode(), partition=self.partition(subject)
                )
        except (KafkaError, TimeoutError) as error:
            raise NotPublished(f"Kafka has not confirmed it ({type(error).__name__})") from error

    # --- Hearing -----------------------------------------------------------------------------------------------------

    async def _listen(self, consumer: AIOKafkaConsumer) -> None:
        while True:
            for place, records in (await fetch(consumer, _POLL_MS)).items():
                for record in records:
                    self._hear(self._names[place.topic], record)

    def _hear(self, topic: TopicName, record: Any) -> None:  # aiokafka ships no types
        """Hands over what somebody waits for; what another version wrote is none of it."""
        if not self._awaited:
            return
        try:
            told = read(topic, record.value or b"", key=record.key, headers=record.headers)
        except Unreadable:
            return
        assert isinstance(told, (AnswerResult, DeadLetter))
        found = self._who_awaits(told)
        if found is not None and not found.heard.done():
            found.heard.set_result(told)

    def _who_awaits(self, told: AnswerResult | DeadLetter) -> _Awaited | None:
        if isinstance(told, AnswerResult):
            return self._awaited.get(told.request_id or "")
        return next((each for each in self._awaited.values() if each.value == told.value), None)

    # --- Opening and closing -----------------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        consumer = self._consumer = AIOKafkaConsumer(
            **self._client, isolation_level="read_committed", enable_auto_commit=False, auto_offset_reset="latest"
        )
        producer = self._producer = AIOKafkaProducer(**self._client, acks="all", request_timeout_ms=_GIVE_UP_MS)
        try:
            await consumer.start()
            await producer.start()
            places = [TopicPartition(name, part) for name in self._names for part in range(self.topics.partitions)]
            consumer.assign(places)
            async with asyncio.timeout(_START_SECONDS):
                await consumer.seek_to_end(*places)
        except (KafkaError, TimeoutError, asyncio.CancelledError):
            await self._close()
            raise
        self._listening = asyncio.create_task(self._listen(consumer), name="answers")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self._close()

    async def _close(self) -> None:
        """Leaves in time, though the broker may be gone."""
        if self._listening is not None:
            self._listening.cancel()
        for client in (self._producer, self._consumer):
            if client is not None:
                await stop_in_time(client)
