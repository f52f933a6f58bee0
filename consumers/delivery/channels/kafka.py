"""A topic of one's own: the whole alert as JSON, for programs that may know everything."""

import asyncio
import re
from typing import Literal

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from pydantic import Field, field_validator

from consumers.delivery.channel import Channel, DeliveryFailed, Item, Message, Surroundings
from consumers.delivery.receiver import ReceiverSettings
from models import codec

_OURS = re.compile(r"(live|simulated|replay)(-[A-Za-z0-9_-]+)?\..*")
_REQUEST_MS = 5_000


class Settings(ReceiverSettings):
    """A receiver of kind `kafka`: a topic on Vigil's own Kafka, which must be there."""

    kind: Literal["kafka"] = "kafka"
    """Which channel."""

    topic: str = Field(pattern=r"^[A-Za-z0-9._-]{1,249}$")
    """The full name of the topic; none of Vigil's own."""

    @field_validator("topic")
    @classmethod
    def _is_not_ours(cls, topic: str) -> str:
        if _OURS.fullmatch(topic):
            raise ValueError(f"{topic} is named like a topic of Vigil's own: write another name")
        return topic


class _Kafka:
    """A producer that is opened with the first message, and again by the next one where that failed."""

    def __init__(self, settings: Settings, surroundings: Surroundings) -> None:
        self._topic = settings.topic
        self._client = surroundings.client
        self._producer: AIOKafkaProducer | None = None
        self._opening = asyncio.Lock()

    async def send(self, message: Message) -> None:
        """Writes each alert with its key, and returns when Kafka has them all; raises DeliveryFailed."""
        try:
            producer = await self._opened()
            await asyncio.gather(*[self._write(producer, item, message) for item in message.items])
        except KafkaError as error:
            raise DeliveryFailed(f"Kafka does not take it ({type(error).__name__})", retryable=True) from error

    async def close(self) -> None:
        """Stops the producer, if one was needed."""
        if self._producer is not None:
            await self._producer.stop()

    async def _opened(self) -> AIOKafkaProducer:
        async with self._opening:
            if self._producer is None:
                producer = AIOKafkaProducer(
                    **self._client, acks="all", enable_idempotence=True, request_timeout_ms=_REQUEST_MS
                )
                try:
                    await producer.start()
                except KafkaError:
                    await producer.stop()
                    raise
                self._producer = producer
            return self._producer

    async def _write(self, producer: AIOKafkaProducer, item: Item, message: Message) -> None:
        headers = {
            "idempotency-key": item.key,
            "step": item.step,
            "round": item.round,
            "test": str(message.is_test).lower(),
        }
        await producer.send_and_wait(
            self._topic,
            codec.encode(item.alert),
            item.alert.subject.encode(),
            headers=[(name, str(value).encode()) for name, value in headers.items()],
        )


def open_channel(settings: Settings, surroundings: Surroundings) -> Channel:
    """A producer on Vigil's own Kafka."""
    return _Kafka(settings, surroundings)
