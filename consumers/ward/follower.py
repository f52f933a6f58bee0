"""Following the topics of a ward: first what stands and is kept, then the past of some hours, then what comes."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, Protocol

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from consumers.closing import stop_in_time
from consumers.outputs import TopicName, Unreadable, read
from consumers.waiting import fetch, start_in_the_end
from consumers.ward.dossier.dossiers import KEPT
from consumers.ward.topics import WardTopics
from models.events import Alert, Event, Output

_POLL_MS = 100
_FETCH_WAIT_MS = 100
_MOST_AT_ONCE = 500  # So long nobody else has a turn.
_PAUSE_SECONDS = 0.5
_FETCH_BYTES = 8 * 1024 * 1024
_FETCH_BYTES_EACH = 256 * 1024


class TopicMissing(Exception):
    """A topic is not there; the message names it."""


class Listener(Protocol):
    """Whoever hears what is read."""

    def hear_standing(self, alert_id: str, alert: Alert | None) -> None:
        """An alert stood before all that is read from here on; none: it did not."""

    def hear_state(self, key: bytes, value: bytes, partition: int) -> None:
        """A worker kept this, before all that is read from here on."""

    def hear(self, record: Output | Event, place: tuple[int, int]) -> None:
        """A record came, from its partition and offset."""

    def hear_unreadable(self) -> None:
        """A record came that this version can't read."""

    def read_so_far(self, share: float) -> None:
        """So much of the past is read, from 0 to 1."""


class WardFollower:
    """Reads as a read_committed reader, each partition in its order; a broker that goes away is waited for.

    The past begins `history_seconds` ago by the time at which the broker took each record in.
    """

    def __init__(
        self,
        client: Mapping[str, Any],
        topics: WardTopics,
        listener: Listener,
        *,
        history_seconds: float,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self._client = client
        self._topics = topics
        self._names: dict[str, TopicName] = {full_name: name for name, full_name in topics.followed.items()}
        self._listener = listener
        self._history_seconds = history_seconds
        self._wall = wall
        self._begins: dict[TopicPartition, int] = {}
        self._ends: dict[TopicPartition, int] = {}

    async def follow(self) -> None:
        """Reads until it is cancelled; raises TopicMissing where a topic is not there at the start."""
        consumer = AIOKafkaConsumer(
            **self._client,
            isolation_level="read_committed",
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            fetch_max_wait_ms=_FETCH_WAIT_MS,
            fetch_max_bytes=_FETCH_BYTES,
            max_partition_fetch_bytes=_FETCH_BYTES_EACH,
        )
        try:
            await start_in_the_end(consumer)
            await self._begin(consumer)
            while True:
                await self._poll(consumer)
        finally:
            await stop_in_time(consumer)

    async def _begin(self, consumer: AIOKafkaConsumer) -> None:
        """Reads what stands and finds where the past begins; from the beginning again where the broker goes away."""
        while True:
            try:
                await self._check_topics(consumer)
                await self._read_standing(consumer)
                await self._read_state(consumer)
                await self._go_back(consumer)
            except KafkaError:
                await asyncio.sleep(_PAUSE_SECONDS)
            else:
                return

    async def _check_topics(self, consumer: AIOKafkaConsumer) -> None:
        existing = await consumer.topics()
        for name in self._topics.needed():
            if name not in existing:
                raise TopicMissing(f"There is no topic {name}")

    async def _read_standing(self, consumer: AIOKafkaConsumer) -> None:
        async for record in self._compacted(consumer, self._topics.answering.standing):
            self._take_standing(record)

    async def _read_state(self, consumer: AIOKafkaConsumer) -> None:
        """Reads what the workers keep of patients and policies: the newest entry of each key."""
        newest: dict[tuple[int, bytes], bytes] = {}
        async for record in self._compacted(consumer, self._topics.state):
            if (record.key or b"").startswith(KEPT):
                newest[record.partition, record.key] = record.value or b""
        for (partition, key), value in newest.items():
            if value:
                self._listener.hear_state(key, value, partition)

    async def _compacted(self, consumer: AIOKafkaConsumer, topic: str) -> AsyncIterator[Any]:  # aiokafka ships no types
        """The records of a compacted topic, from its beginning to its present end."""
        places = self._topics.places(topic)
        consumer.assign(places)
        ends = await consumer.end_offsets(places)
        await consumer.seek_to_beginning(*places)
        while any([await consumer.position(place) < ends[place] for place in places]):
            for records in (await consumer.getmany(timeout_ms=_POLL_MS, max_records=_MOST_AT_ONCE)).values():
                for record in records:
                    yield record

    def _take_standing(self, record: Any) -> None:  # aiokafka ships no types
        alert_id = (record.key or b"").decode(errors="replace")
        if record.value is None:
            self._listener.hear_standing(alert_id, None)
            return
        try:
            told = read("alerts", record.value)
        except Unreadable:
            self._listener.hear_unreadable()
            return
        assert isinstance(told, Alert)
        self._listener.hear_standing(alert_id, told)

    async def _go_back(self, consumer: AIOKafkaConsumer) -> None:
        places = self._topics.all_places()
        since = int((self._wall() - self._history_seconds) * 1000)
        consumer.assign(places)
        self._ends = await consumer.end_offsets(places)
        found = await consumer.offsets_for_times(dict.fromkeys(places, since))
        for place in places:
            begin = self._ends[place] if found.get(place) is None else found[place].offset
            self._begins[place] = min(begin, self._ends[place])
            consumer.seek(place, self._begins[place])

    async def _poll(self, consumer: AIOKafkaConsumer) -> None:
        for place, records in (await fetch(consumer, _POLL_MS, _MOST_AT_ONCE)).items():
            topic = self._names[place.topic]
            for record in records:
                self._take(topic, record)
        if self._ends:
            await self._measure(consumer)
        await asyncio.sleep(0)

    def _take(self, topic: TopicName, record: Any) -> None:  # aiokafka ships no types
        try:
            told = read(topic, record.value or b"", key=record.key, headers=record.headers)
        except Unreadable:
            self._listener.hear_unreadable()
            return
        self._listener.hear(told, (record.partition, record.offset))

    async def _measure(self, consumer: AIOKafkaConsumer) -> None:
        """Tells how much of the past is read, until all of it is."""
        total = sum(self._ends[place] - begin for place, begin in self._begins.items())
        left = 0
        for place, end in self._ends.items():
            left += max(0, end - await consumer.position(place))
        self._listener.read_so_far(1 - left / total if total else 1.0)
        if not left:
            self._ends = {}
