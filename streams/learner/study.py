"""The examples as one learner holds them: fence, restore, then batch after batch, each one transaction."""

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.coordinator.assignors.sticky.sticky_assignor import StickyPartitionAssignor

from models import codec
from models.events import ModelName, ModelPublished
from models.risk.learner import Learner
from streams.checkpoint import Marker, encode_checkpoint
from streams.inbox import InputRecord
from streams.learner.metrics import LearnerMetrics
from streams.learner.settings import LearnerSettings
from streams.leaving import UnusableError
from streams.restore import restore
from streams.topics import topic_name
from streams.transaction import TransactionLog

log = logging.getLogger(__name__)

CHECKPOINTS = "learner-checkpoints"
_METADATA_MS = 5_000
_POLL_MS = 500


class Study:
    """State of the learner, the only writer of its checkpoints, and who tells the monitors of a new version."""

    number = 0

    def __init__(self, settings: LearnerSettings, client: Mapping[str, Any], metrics: LearnerMetrics) -> None:
        self.source = TopicPartition(topic_name(settings.prefix, "examples"), 0)
        self.is_restored = False
        self.busy_since: float | None = None
        self._settings = settings
        self._client = client
        self._metrics = metrics
        self._learner = Learner(origin=settings.origin)
        self._following = 0
        self._kept_at = 0.0
        self._is_behind = False
        self._told: dict[ModelName, int] = {}
        self._log = TransactionLog(
            self.source,
            client=client,
            prefix=settings.prefix,
            group=settings.group,
            timeout_seconds=settings.transaction_timeout_seconds,
        )
        self._producer = AIOKafkaProducer(**client, enable_idempotence=True, acks="all")

    async def reach_broker(self) -> bool:
        """Whether a broker answers; may take long."""
        return await self._log.reach_broker()

    async def open(self) -> None:
        """Fences the learner before this one, restores what it learned, and tells again what it may not have told."""
        await self._log.open()
        await self._producer.start()
        checkpoints = TopicPartition(topic_name(self._settings.prefix, CHECKPOINTS), 0)
        group = self._settings.group
        found = await restore(self._learner, self.source, checkpoints, client=self._client, group=group, in_thread=True)
        self._following = found.following
        self._kept_at, self._is_behind = time.monotonic(), found.checkpoint != found.following
        if found.checkpoint is None:
            await self._keep()
        self._metrics.learner = self._learner
        self.is_restored = True
        log.info("the learner goes on at offset %d", self._following)
        await self._publish()

    async def learn_from(self, reader: AIOKafkaConsumer) -> None:
        """Learns the next examples, if there are any: first it is committed, and then it is told.

        All that was learned is kept now and then, with the offset that it covers; what came after is learned again.
        """
        fetched = await reader.getmany(
            self.source, timeout_ms=_POLL_MS, max_records=self._settings.transaction_examples
        )
        records: list[InputRecord] = [
            record for record in fetched.get(self.source, ()) if record.offset >= self._following
        ]
        if not records:
            if self._is_behind and self._is_time_to_keep:
                await self._keep()
            return
        self.busy_since = time.monotonic()
        if records[0].offset > self._following:  # Mostly the mark of a transaction; else something is gone.
            await self._insist_on(reader)
        await asyncio.to_thread(self._learn, records)  # Drawing landmarks takes seconds, and heartbeats must go on.
        self._following, self._is_behind = records[-1].offset + 1, True
        if self._is_time_to_keep:
            await self._keep()
        else:
            await self._log.commit([], self._following)
        await self._publish()
        self.busy_since = None

    def aim(self, reader: AIOKafkaConsumer) -> None:
        """Lets a reader go on where learning stopped."""
        reader.seek(self.source, self._following)

    async def close(self) -> None:
        """Closes the connections; may hang when the broker is gone."""
        await self._producer.stop()
        await self._log.close()

    async def _insist_on(self, reader: AIOKafkaConsumer) -> None:
        first = (await reader.beginning_offsets([self.source]))[self.source]
        if first > self._following:
            raise UnusableError(f"examples {self._following} to {first - 1} were deleted before they were learned")

    def _learn(self, records: Sequence[InputRecord]) -> None:
        for record in records:
            self._learner.advance(record.value or b"", offset=record.offset)

    @property
    def _is_time_to_keep(self) -> bool:
        return time.monotonic() - self._kept_at >= self._settings.checkpoint_seconds

    async def _keep(self) -> None:
        """All that was learned, and where to go on, in one transaction."""
        marker = Marker(partition=self.number, offset=self._following)
        await self._log.commit(encode_checkpoint(self._learner.changed(), marker, topic=CHECKPOINTS), self._following)
        self._kept_at, self._is_behind = time.monotonic(), False

    async def _publish(self) -> None:
        """Tells every partition of the versions in force, if they were not told yet; twice does no harm."""
        for model in self._learner.published:
            if model.version != self._told.get(model.model):
                await self._tell(model)

    async def _tell(self, model: ModelPublished) -> None:
        topic, value = topic_name(self._settings.prefix, "patient-events"), codec.encode(model)
        for partition in sorted(await self._producer.partitions_for(topic)):
            await self._producer.send_and_wait(topic, value, partition=partition)
        self._told[model.model] = model.version
        self._metrics.publications.labels(model.model).inc()
        learned = 0 if model.learned is None else model.learned.examples
        log.info("version %d of the %s model is published, of %d examples", model.version, model.model, learned)


def reader_of(settings: LearnerSettings, client: Mapping[str, Any]) -> AIOKafkaConsumer:
    """A reader that gets the examples only while no other learner has them."""
    reader = AIOKafkaConsumer(
        **client,
        group_id=settings.group,
        group_instance_id=settings.instance_id,
        isolation_level="read_committed",
        enable_auto_commit=False,
        auto_offset_reset="earliest",  # Only until it is aimed: a study refuses examples that skip any.
        session_timeout_ms=int(settings.session_timeout_seconds * 1000),
        heartbeat_interval_ms=int(settings.heartbeat_seconds * 1000),
        metadata_max_age_ms=_METADATA_MS,
        partition_assignment_strategy=[StickyPartitionAssignor],  # Who learns goes on when another one joins.
    )
    reader.subscribe([topic_name(settings.prefix, "examples")])
    return reader
