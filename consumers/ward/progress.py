"""Whether Kafka answers, and how far the workers are, asked every second."""

import asyncio
from collections.abc import Mapping
from typing import Any

from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from consumers.closing import leave_in_time, stop_in_time
from consumers.ward.condition import Condition
from consumers.ward.topics import WardTopics

_EVERY_SECONDS = 1.0
_ANSWER_SECONDS = 2.0


class Progress:
    """Asks Kafka where the log ends and what the workers' group has committed of it."""

    def __init__(self, client: Mapping[str, Any], topics: WardTopics, condition: Condition) -> None:
        self._client = client
        self._topics = topics
        self._condition = condition

    async def watch(self) -> None:
        """Asks until it is cancelled; a client that got no answer is left, and the next question goes to a new one."""
        while True:
            consumer = AIOKafkaConsumer(**self._client, isolation_level="read_committed", enable_auto_commit=False)
            admin = AIOKafkaAdminClient(**self._client)
            try:
                await self._ask_on(consumer, admin)
            except (KafkaError, TimeoutError):
                self._condition.lose_progress()
            finally:
                await stop_in_time(consumer)
                await leave_in_time(admin.close())
            await asyncio.sleep(_EVERY_SECONDS)

    async def _ask_on(self, consumer: AIOKafkaConsumer, admin: AIOKafkaAdminClient) -> None:
        async with asyncio.timeout(_ANSWER_SECONDS):
            await consumer.start()
            await admin.start()
        places = self._topics.places(self._topics.answering.log)
        while True:
            async with asyncio.timeout(_ANSWER_SECONDS):
                ends = await consumer.end_offsets(places)
                self._condition.answer()
                committed = await admin.list_consumer_group_offsets(self._topics.group, partitions=places)
            self._condition.progress(
                {place.partition: max(0, told.offset) for place, told in committed.items()},
                {place.partition: end for place, end in ends.items()},
            )
            await asyncio.sleep(_EVERY_SECONDS)
