"""The examples as one learner holds them: fence, restore, then batch after batch, each one transaction."""

import logging
import time
from collections.abc import Mapping
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.coordinator.assignors.sticky.sticky_assignor import StickyPartitionAssignor

from models import codec
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
        self._told: int | None = None
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
        found = await restore(self._learner, self.source, checkpoints, client=self._client, group=group)
        self._following = found.following
        if found.checkpoint is None:
            await self._commit()
        self._metrics.learner = self._learner
        self.is_restored = True
        log.info("the learner goes on at offset %d, %d examples learned", self._following, self._learner.learned)
        await self._publish()

    async def learn_from(self, reader: AIOKafkaConsumer) -> None:
        """Learns the next examples, if there are any: first it is committed, and then it is told."""
        fetched = await reader.getmany(
            self.source, timeout_ms=_POLL_MS, max_records=self._settings.transaction_examples
        )
        records: list[InputRecord] = [
            record for record in fetched.get(self.source, ()) if record.offset >= self._following
        ]
        if not records:
            return
        self.busy_since = time.monotonic()
        if records[0].offset > self._following:  # Mostly the mark of a transaction; else something is gone.
            await self._insist_on(reader)
        for record in records:
            self._learner.advance(record.value or b"", offset=record.offset)
        self._following = records[-1].offset + 1
        await self._commit()
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

    async def _commit(self) -> None:
        """All that was learned, and where to go on, in one transaction."""
        marker = Marker(partition=self.number, offset=self._following)
        await self._log.commit(encode_checkpoint(self._learner.changed(), marker, topic=CHECKPOINTS), self._following)

    async def _publish(self) -> None:
        """Tells every partition of the version in force, if it was not told yet; twice does no harm."""
        model = self._learner.published
        if model is None or model.version == self._told:
            return
        topic, value = topic_name(self._settings.prefix, "patient-events"), codec.encode(model)
        for partition in sorted(await self._producer.partitions_for(topic)):
            await self._producer.send_and_wait(topic, value, partition=partition)
        self._told = model.version
        self._metrics.publications.inc()
        log.info("version %d is published, %d examples learned", model.version, self._learner.learned)


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
