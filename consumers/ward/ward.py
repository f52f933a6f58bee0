"""The ward as a whole: what hears the records, and whom it hands them to."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from math import ceil
from typing import Any

from aiokafka.errors import KafkaError

from consumers.answers.answering import Answering
from consumers.answers.desk import Desk
from consumers.ward.book import Book
from consumers.ward.condition import Condition
from consumers.ward.dossier import Dossiers
from consumers.ward.entries import Entries
from consumers.ward.follower import WardFollower
from consumers.ward.past import Histories
from consumers.ward.progress import Progress
from consumers.ward.settings import WardSettings
from consumers.ward.topics import WardTopics
from models.checkpoints import BadCheckpoint
from models.events import Alert, Assessment, DeadLetter, Event, Output, Tick
from models.partitioning import partition_of

_PAUSE_SECONDS = 1.0


class Ward:
    """All that the page asks: the book, how the page does, and, while Kafka answers, the desk for answers."""

    def __init__(self, client: Mapping[str, Any], topics: WardTopics, settings: WardSettings) -> None:
        self.topics = topics
        self.book = Book(topics.answering.origin, most=settings.most_patients)
        self.dossiers = Dossiers()
        self.histories = Histories(hours=max(1, ceil(settings.history_hours)))
        self.condition = Condition(self.book, self.histories)
        self.entries = Entries(client)
        self.desk: Desk | None = None
        self._client = client
        self._follower = WardFollower(client, topics, self, history_seconds=settings.history_hours * 3600)
        self._progress = Progress(client, topics, self.condition)

    @property
    def answering(self) -> Answering | None:
        """Where answers are handed in; none while Kafka does not answer."""
        return None if self.desk is None or not self.condition.has_kafka else Answering(self._client, self.desk)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[list["asyncio.Task[None]"]]:
        """Runs what follows and asks, and gives the tasks: one of them ends only where it fails."""
        running = [
            asyncio.create_task(self._follower.follow(), name="following"),
            asyncio.create_task(self._progress.watch(), name="progress"),
            asyncio.create_task(self._keep_desk(), name="desk"),
        ]
        try:
            yield running
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    # --- What the follower tells -------------------------------------------------------------------------------------

    def hear_standing(self, alert_id: str, alert: Alert | None) -> None:
        """An alert stood before all else, or did not."""
        self.book.take_standing(alert_id, alert)

    def hear_state(self, key: bytes, value: bytes, partition: int) -> None:
        """A worker kept this before all else."""
        try:
            self.dossiers.restore(key, value, partition)
        except BadCheckpoint:
            self.condition.unreadable += 1

    def hear(self, record: Output | Event, place: tuple[int, int]) -> None:
        """A record came."""
        self.condition.hear()
        match record:
            case Tick() if self.condition.has_read_back and self.topics.answering.origin == "live":
                self.condition.hear_tick(record.at)
            case DeadLetter():
                self.condition.park()
                self.entries.hear(record)
            case Assessment():
                self.entries.hear(record)
        self.book.take(record, place)
        self.dossiers.take(record, place[0])
        self.histories.take(record, place[0])

    def hear_unreadable(self) -> None:
        """A record came that this version can't read."""
        self.condition.hear()
        self.condition.unreadable += 1

    def read_so_far(self, share: float) -> None:
        """So much of the past is read."""
        if share >= 1 and not self.condition.has_read_back:
            self._begin()
        self.condition.read_back = share

    def _begin(self) -> None:
        """The past is read; what stands since before then is told to whoever knows patients one by one."""
        for alert in self.book.alerts.all():
            if alert.patient_id is not None:
                self.dossiers.take_standing(alert, partition_of(alert.patient_id, self.topics.answering.partitions))
        self.book.begin()

    # --- The desk ----------------------------------------------------------------------------------------------------

    async def _keep_desk(self) -> None:
        """Opens the desk once Kafka answers; it stays open from then on."""
        while True:
            try:
                async with Desk(self._client, self.topics.answering) as self.desk:
                    await self.desk.listening
            except (KafkaError, TimeoutError):
                await asyncio.sleep(_PAUSE_SECONDS)
            finally:
                self.desk = None
