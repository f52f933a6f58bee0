"""The consumer of `alerts`: takes partitions over, hears what is told there, and lets the dispatcher hand calls out."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.coordinator.assignors.sticky.sticky_assignor import StickyPartitionAssignor
from aiokafka.errors import IllegalStateError, KafkaError

from consumers.closing import stop_in_time
from consumers.delivery.book import Book
from consumers.delivery.dispatcher import Dispatcher, Topics
from consumers.delivery.journal import Journal
from consumers.delivery.metrics import DeliveryMetrics
from consumers.delivery.restoring import restore, take
from consumers.delivery.settings import DeliverySettings

log = logging.getLogger(__name__)

_POLL_MS = 200
_PAUSE_SECONDS = 0.2
_GRACE_SECONDS = 2.0


class Held:
    """One partition: its book, and where the next alert stands once it is restored."""

    number: int
    busy_since: float | None = None

    def __init__(self, place: TopicPartition, journal: Journal) -> None:
        self.place = place
        self.number = place.partition
        self.book = Book(place.partition)
        self.following: int | None = None
        self._journal = journal

    @property
    def is_restored(self) -> bool:
        """Whether its open alerts, and what was delivered of them, are known."""
        return self.following is not None

    async def reach_broker(self) -> bool:
        """Whether a broker answers; may take long."""
        return await self._journal.reach_broker()


class Deliverer(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka ships no types
    """Reads alerts for as long as it runs; `settle` waits for the calls that are out, so a successor repeats none."""

    def __init__(
        self,
        settings: DeliverySettings,
        client: Mapping[str, Any],  # Any: aiokafka's to say
        topics: Topics,
        *,
        dispatcher: Dispatcher,
        journal: Journal,
        metrics: DeliveryMetrics,
        settle: Callable[[float], Awaitable[object]],
    ) -> None:
        self.was_assigned = False
        self.turned_at = time.monotonic()
        self._settings = settings
        self._client = client
        self._topics = topics
        self._dispatcher = dispatcher
        self._journal = journal
        self._metrics = metrics
        self._settle = settle
        self._held: dict[TopicPartition, Held] = {}
        self._restoring: dict[TopicPartition, asyncio.Task[None]] = {}
        self._committed: dict[TopicPartition, int] = {}
        self._commit_at = 0.0
        self._wrong: str | None = None
        self._consumer = self._new_consumer()

    def all(self) -> Sequence[Held]:
        """The partitions that are this process's."""
        return list(self._held.values())

    async def run(self, stopping: Callable[[], bool]) -> None:
        """Delivers until it is told to stop."""
        await self._consumer.start()
        self._consumer.subscribe([self._topics["alerts"]], listener=self)
        while not stopping():
            try:
                await self._turn()
                self._complain(None)
            except (KafkaError, IllegalStateError) as error:
                self._complain(type(error).__name__)
                await asyncio.sleep(_PAUSE_SECONDS)

    async def close(self) -> None:
        """Commits where a successor should begin, and leaves the group; may hang when the broker is gone."""
        await self._commit()
        await stop_in_time(self._consumer)

    def _complain(self, wrong: str | None) -> None:
        """Says once what is wrong, and once that it is over."""
        if wrong != self._wrong:
            log.warning("alerts are read again" if wrong is None else f"alerts can't be read ({wrong}): trying on")
            self._wrong = wrong

    # --- Partitions come and go --------------------------------------------------------------------------------------

    async def on_partitions_revoked(self, revoked: Sequence[TopicPartition]) -> None:
        """Lets the calls that are out come to their end and be written down, then forgets the partitions."""
        gone = [place for place in revoked if place in self._held]
        for place in gone:
            if (restoring := self._restoring.pop(place, None)) is not None:
                restoring.cancel()
            self._dispatcher.drop(place.partition)
        if gone:
            await self._settle(_GRACE_SECONDS)
        for place in gone:
            del self._held[place]
            self._committed.pop(place, None)

    async def on_partitions_assigned(self, assigned: Sequence[TopicPartition]) -> None:
        """Begins to restore what is new; nothing of it is delivered before that is done."""
        self.was_assigned = True
        for place in assigned:
            held = self._held[place] = Held(place, self._journal)
            self._restoring[place] = asyncio.create_task(self._restore(held), name=f"restore {place.partition}")

    async def _restore(self, held: Held) -> None:
        """Restores one partition, however often that takes."""
        deliveries = TopicPartition(self._topics["deliveries"], held.number)
        while True:
            held.book = Book(held.number)
            try:
                committed = await self._consumer.committed(held.place)
                following = await restore(
                    held.book, held.place, deliveries, committed, client=self._client, metrics=self._metrics
                )
                self._consumer.seek(held.place, following)
            except (KafkaError, IllegalStateError) as error:
                log.warning("partition %d can't be restored (%s): trying on", held.number, type(error).__name__)
                await asyncio.sleep(_PAUSE_SECONDS)
            else:
                held.following = following
                self._dispatcher.hold(held.book)
                log.info("partition %d: %d alerts are open, from offset %d on", held.number, len(held.book), following)
                return

    # --- Alerts ------------------------------------------------------------------------------------------------------

    async def _turn(self) -> None:
        """What came since the last turn, and what is due now."""
        restored = [place for place, held in self._held.items() if held.is_restored]
        if restored:
            for place, records in (await self._consumer.getmany(*restored, timeout_ms=_POLL_MS)).items():
                self._take(place, records)
        else:
            await asyncio.sleep(_PAUSE_SECONDS)
        self._dispatcher.dispatch()
        self.turned_at = time.monotonic()
        if self.turned_at >= self._commit_at:
            self._commit_at = self.turned_at + self._settings.commit_seconds
            await self._commit()

    def _take(self, place: TopicPartition, records: Sequence[Any]) -> None:
        held = self._held.get(place)
        if held is None or held.following is None:
            return
        for record in records:
            if record.offset >= held.following:
                take(held.book, record, self._metrics)
                held.following = record.offset + 1

    async def _commit(self) -> None:
        """Where the oldest open alert of each partition stands: what is before it is over, and needs nobody."""
        offsets = {
            place: held.book.watermark(held.following)
            for place, held in self._held.items()
            if held.following is not None and place in self._consumer.assignment()
        }
        changed = {place: offset for place, offset in offsets.items() if self._committed.get(place) != offset}
        if changed:
            try:
                await self._consumer.commit(changed)
            except KafkaError as error:  # A successor reads some more, and that is all.
                log.info("no commit (%s)", type(error).__name__)
            else:
                self._committed.update(changed)

    def _new_consumer(self) -> AIOKafkaConsumer:
        settings = self._settings
        return AIOKafkaConsumer(
            **self._client,
            group_id=settings.group,
            group_instance_id=settings.instance_id,
            isolation_level="read_committed",
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            session_timeout_ms=int(settings.session_timeout_seconds * 1000),
            heartbeat_interval_ms=int(settings.heartbeat_seconds * 1000),
            partition_assignment_strategy=[StickyPartitionAssignor],
        )
