"""A toy fold and a partition under test, on a real Kafka."""

import asyncio
import json
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NoReturn, TypeVar

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from kafka import KafkaProducer

from models.arrival import Arrival
from models.events import DeadLetter, Output, Recommendation
from streams.leaving import ExitCode
from streams.metrics import Metrics
from streams.partition import Partition, Surroundings
from streams.settings import Connection, WorkerSettings
from streams.topics import create_topics, topic_name
from tests.waiting import eventually

Result = TypeVar("Result")

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class ToyCensus:
    monitored: dict[str | None, int] = field(default_factory=dict)
    never_scored: dict[str | None, int] = field(default_factory=dict)
    without_risk: dict[tuple[str | None, str], int] = field(default_factory=dict)
    open_alerts: dict[tuple[str, str, str | None], int] = field(default_factory=dict)
    oldest_unanswered: dict[str | None, datetime] = field(default_factory=dict)
    clock: datetime | None = None
    gateways_heard: dict[str, datetime] = field(default_factory=dict)
    looks_failed: int = 0
    examples_dropped: dict[str, int] = field(default_factory=dict)
    risk_faults: int = 0
    model_versions: dict[str, int] = field(default_factory=dict)


class ToyFold:
    """Counts the records of each key; `text` of an output is the count, so that any doubled record shows."""

    def __init__(self, partition: int) -> None:
        self.partition = partition
        self.counts: Counter[bytes] = Counter()
        self.dirty: set[bytes] = set()
        self.census = ToyCensus()
        self.clock: datetime | None = None
        self.arrival: Arrival | None = None
        self.padding = b""

    def advance(self, value: bytes, *, offset: int, key: bytes | None = None) -> list[Output]:
        self.arrival = Arrival("g1", "monitor", 2.0, (), is_parked=False) if value == b"reading" else None
        if value == b"poison":
            return [self._dead_letter(value, offset, key)]
        patient = key or b"nobody"
        self.counts[patient] += 1
        self.dirty.add(patient)
        self.census.monitored = {None: len(self.counts)}
        return [recommendation(patient.decode(), str(self.counts[patient]) + value.decode())]

    def changed(self) -> list[tuple[bytes, bytes]]:
        entries = [(key, str(self.counts[key]).encode() + self.padding) for key in sorted(self.dirty)]
        self.dirty.clear()
        return entries

    def restore(self, key: bytes, value: bytes) -> None:
        self.counts[key] = int(value)

    def _dead_letter(self, value: bytes, offset: int, key: bytes | None) -> DeadLetter:
        return DeadLetter(
            reason="undecodable", detail="é", topic="t", partition=self.partition, offset=offset, key=key, value=value
        )


def recommendation(patient_id: str, text: str) -> Recommendation:
    return Recommendation(
        recommendation_id="r",
        patient_id=patient_id,
        at=EPOCH,
        kind="measure",
        priority="low",
        text=text,
        reason="",
        codes=[],
        source="",
        state="proposed",
        origin="live",
        ward=None,
        bed=None,
    )


class LeftError(Exception):
    """The worker would have ended here."""


@dataclass(frozen=True)
class Record:
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None


class Bench:
    """One prefix on a real Kafka, and partitions of it that are worked on in this process."""

    def __init__(self, address: str) -> None:
        self.connection = Connection(bootstrap_servers=address)
        self.prefix = f"t{uuid.uuid4().hex[:12]}"
        self.left: list[tuple[ExitCode, str]] = []
        self.folds: list[ToyFold] = []
        self._partitions: list[Partition] = []
        self.metrics = Metrics()
        self.end_of_log: int | None = None
        create_topics(self.connection.for_kafka_python(), self.prefix)

    def leave(self, code: ExitCode, reason: str) -> NoReturn:
        self.left.append((code, reason))
        raise LeftError(reason)

    def see_end_of_log(self, _: TopicPartition) -> int | None:
        return self.end_of_log

    @property
    def processed(self) -> int:
        """How many records were committed in this process."""
        return int(self.metrics.registry.get_sample_value("vigil_records_processed_total") or 0)

    def fold(self, number: int) -> ToyFold:
        self.folds.append(ToyFold(number))
        return self.folds[-1]

    def open(self, **settings: Any) -> Partition:
        """Partition 0, as a worker opens it."""
        partition = Partition(
            0,
            Surroundings(
                settings=WorkerSettings(prefix=self.prefix, **settings),
                client=self.connection.for_aiokafka(),
                fold=self.fold,
                metrics=self.metrics,
                leave=self.leave,
                end_of_log=self.see_end_of_log,
            ),
        )
        self._partitions.append(partition)
        return partition

    def run(self, scenario: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
        """Runs a scenario; what it leaves open ends as in a crash, without a commit."""

        async def all_of_it() -> Result:
            try:
                return await scenario()
            finally:
                await asyncio.gather(*map(_crash, self._partitions))

        return asyncio.run(all_of_it())

    @asynccontextmanager
    async def opened(self, **settings: Any) -> AsyncIterator[Partition]:
        """A restored partition that is closed gracefully at the end."""
        partition = self.open(**settings)
        await eventually(lambda: partition.is_restored)
        yield partition
        await partition.close()

    def publish(self, *values: bytes, key: bytes | None = b"p1", headers: Sequence[Any] = ()) -> list[Record]:
        """Writes input and returns it as a consumer delivers it."""
        producer = KafkaProducer(**self.connection.for_kafka_python())
        log = topic_name(self.prefix, "patient-events")
        sent = [producer.send(log, value, key, list(headers), partition=0).get(20) for value in values]
        producer.close()
        return [Record(where.offset, where.timestamp, key, value) for where, value in zip(sent, values, strict=True)]

    async def read(self, name: str) -> list[Any]:
        """What a read_committed reader sees in partition 0 of a topic."""
        reader = AIOKafkaConsumer(**self.connection.for_aiokafka(), isolation_level="read_committed")
        await reader.start()
        try:
            place = TopicPartition(topic_name(self.prefix, name), 0)
            reader.assign([place])
            await reader.seek_to_beginning(place)
            end, found = (await reader.end_offsets([place]))[place], []
            while await reader.position(place) < end:
                found += (await reader.getmany(place, timeout_ms=100)).get(place, [])
            return found
        finally:
            await reader.stop()

    async def texts(self) -> list[str]:
        """The texts of the recommendations that were committed, in order."""
        found = await self.read("recommendations")
        return [json.loads(record.value)["text"] for record in found]


async def _crash(partition: Partition) -> None:
    partition._task.cancel()
    await asyncio.wait([partition._task])
    if not partition._task.cancelled():
        partition._task.exception()
    await partition._log.close()


@pytest.fixture
def bench(broker: str) -> Bench:
    return Bench(broker)
