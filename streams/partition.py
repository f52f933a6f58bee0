"""One partition: fence, restore, then fold batch after batch, each one transaction. It knows no Faust."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import ProducerFenced

from models.arrival import Arrival
from models.events import Output
from streams.checkpoint import Marker, Schedule, encode_checkpoint
from streams.fold import Census, Fold, FoldFactory
from streams.inbox import Inbox, InputRecord
from streams.leaving import ExitCode, Leave, UnusableError
from streams.metrics import Metrics
from streams.outgoing import Outgoing, current, outgoing
from streams.restore import YIELD_RECORDS, read_again, restore
from streams.settings import WorkerSettings
from streams.topics import topic_name
from streams.transaction import TransactionLog

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What all partitions of a worker share."""

    settings: WorkerSettings
    client: Mapping[str, Any]
    fold: FoldFactory
    metrics: Metrics
    leave: Leave
    end_of_log: Callable[[TopicPartition], int | None]


class Partition:
    """The state of one partition, what waits for it, and the only writer of its outputs."""

    def __init__(self, number: int, around: Surroundings) -> None:
        settings = around.settings
        self.number = number
        self.source = TopicPartition(topic_name(settings.prefix, "patient-events"), number)
        self.inbox = Inbox(settings.transaction_records)
        self.is_restored = False
        self.restore_seconds = 0.0
        self.checkpoint_bytes = 0
        self.last_tick_at: float | None = None
        self.busy_since: float | None = None
        self._around = around
        self._fold: Fold = around.fold(number)
        self._schedule = Schedule(settings)
        self._following = 0
        self._log = TransactionLog(
            self.source,
            client=around.client,
            prefix=settings.prefix,
            group=settings.group,
            timeout_seconds=settings.transaction_timeout_seconds,
        )
        self._task = asyncio.create_task(self._run(), name=f"partition-{number}")

    @property
    def census(self) -> Census:
        """What the fold holds."""
        return self._fold.census

    @property
    def checkpoint_age_seconds(self) -> float:
        """How old the last checkpoint is; 0 when it covers everything."""
        return self._schedule.age_seconds

    @property
    def lag(self) -> int | None:
        """How many records it is behind the end of its log; unknown before the first fetch."""
        end = self._around.end_of_log(self.source)
        return None if end is None else max(0, end - self._following)

    async def reach_broker(self) -> bool:
        """Whether a broker answers; may take long."""
        return await self._log.reach_broker()

    async def close(self) -> None:
        """Ends the transaction in hand, writes a last checkpoint and lets go; leaves if that takes too long."""
        try:
            async with asyncio.timeout(self._around.settings.stop_timeout_seconds):
                self.inbox.close()
                if not self.is_restored:
                    self._task.cancel()
                await asyncio.wait([self._task])
                await self._log.close()
        except TimeoutError:
            self._around.leave(ExitCode.UNANSWERED, f"partition {self.number}: the broker does not answer")

    async def _run(self) -> None:
        """The one boundary: what goes wrong below ends the worker, and nothing more is committed."""
        try:
            await self._open()
            await self._work()
        except asyncio.CancelledError:
            raise
        except UnusableError as error:
            self._around.leave(ExitCode.UNUSABLE, str(error))
        except ProducerFenced:
            self._around.leave(ExitCode.FENCED, f"partition {self.number} was taken over by another worker")
        except BaseException as error:  # Whatever it is, this worker must not write again.
            log.exception("partition %d failed", self.number)
            self._around.leave(ExitCode.FAILED, f"partition {self.number}: {error!r}")

    async def _open(self) -> None:
        """Fences the last writer, and only then reads what it committed."""
        started = time.monotonic()
        await self._log.open()
        settings = self._around.settings
        checkpoints = TopicPartition(topic_name(settings.prefix, "checkpoints"), self.number)
        found = await restore(self._fold, self.source, checkpoints, client=self._around.client, group=settings.group)
        self._following, self.checkpoint_bytes = found.following, found.checkpoint_bytes
        if found.checkpoint is None:
            await self._commit([], [], checkpoint=True)  # From now on it is told where this fold began.
        else:
            self._schedule.folded(found.following - found.checkpoint, 0)
        self.restore_seconds = time.monotonic() - started
        self.is_restored = True
        log.info("partition %d restored at offset %d in %.1f s", self.number, self._following, self.restore_seconds)

    async def _work(self) -> None:
        """Folds what comes; ends with a checkpoint, so that whoever is next has nothing to catch up."""
        while True:
            records = await self.inbox.take(self._around.settings.checkpoint_seconds)
            if self.inbox.is_closed:
                break
            self.busy_since = time.monotonic()
            await self._apply(await self._complete(records))
            self.busy_since = None
        if self._schedule.is_behind:
            await self._commit([], [], checkpoint=True)

    async def _complete(self, delivered: list[InputRecord]) -> list[InputRecord]:
        """The records that come next, none missing and none twice.

        What is delivered is only a hint: around a rebalance Faust drops batches, and retention may move the reader on.
        """
        records = [record for record in delivered if record.offset >= self._following]
        if records and records[-1].offset - self._following == len(records) - 1:
            return records
        if not records and (delivered or not self.lag):
            return []
        settings = self._around.settings
        log.info("partition %d reads again from offset %d: not all was delivered", self.number, self._following)
        return await read_again(
            self.source,
            self._following,
            limit=settings.transaction_records,
            client=self._around.client,
            group=settings.group,
        )

    async def _apply(self, records: list[InputRecord]) -> None:
        """Folds records and commits what they led to, with a checkpoint when one is due."""
        outputs, arrivals = await self._advance(records) if records else ([], [])
        if records:
            self._following = records[-1].offset + 1
            self._schedule.folded(len(records), sum(len(record.value or b"") for record in records))
        if records or self._schedule.is_due:
            await self._commit(records, outputs, checkpoint=self._schedule.is_due)
            self._around.metrics.arrived(arrivals)

    async def _advance(self, records: list[InputRecord]) -> tuple[list[Output], list[Arrival]]:
        outputs: list[Output] = []
        arrivals: list[Arrival] = []
        before = self._fold.clock
        for number, record in enumerate(records, start=1):
            outputs += self._fold.advance(record.value or b"", offset=record.offset, key=record.key)
            if (arrival := self._fold.arrival) is not None:
                arrivals.append(arrival)
            if number % YIELD_RECORDS == 0:
                await asyncio.sleep(0)
        if self._fold.clock != before:
            keyless = (record.timestamp for record in reversed(records) if record.key is None)
            self.last_tick_at = next(keyless, records[-1].timestamp) / 1000  # A tick is of no patient.
        return outputs, arrivals

    async def _commit(self, records: list[InputRecord], outputs: list[Output], *, checkpoint: bool) -> None:
        entries = self._checkpoint() if checkpoint else []
        await self._log.commit([*map(outgoing, outputs), *current(outputs), *entries], self._following)
        if checkpoint:
            self._schedule.written()
            self.checkpoint_bytes = sum(len(entry.value or b"") for entry in entries)
        if records:
            self._around.metrics.committed(records, outputs)

    def _checkpoint(self) -> list[Outgoing]:
        return encode_checkpoint(self._fold.changed(), Marker(partition=self.number, offset=self._following))
