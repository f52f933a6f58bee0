"""What the server holds in memory of a full ward's past, and how long it takes to read that back from Kafka.

The past is put on the topics as workers would have told it: some patients are folded, and the others say the same.
"""

import hashlib
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from msgspec import Struct

from benchmarks.full.feed import BEGINS_AT, admission, reading
from benchmarks.panels import panels, patient_name
from benchmarks.ward.serving import serving
from models import codec
from models.events import Alert, Assessment, Recommendation
from models.partition import PartitionFold
from producers.entry import Entry
from producers.feed import Feed
from producers.ticks import ticks_at
from streams.settings import Connection
from streams.topics import create_topics, topic_name, topic_of
from vigil.connection import told_in_one_line

PREFIX = "replay-past"
_FOLDED = 20
_IN_AN_HOUR = 60
_READ_SECONDS = 1_800.0
_LOG = "patient-events"
_TOPICS = (_LOG, "assessments", "alerts", "recommendations")


class Told(Struct, frozen=True):
    """A record as it stands on its topic; `alert_id` of an alert, which is a hash of whose it is."""

    name: str
    value: bytes
    alert_id: str | None = None

    def of(self, patient: str, other: str) -> Entry:
        """The same, told of another patient."""
        value = self.value.replace(patient.encode(), other.encode())
        if self.alert_id is not None:
            own = hashlib.sha256(f"{other} {self.alert_id}".encode()).hexdigest()[: len(self.alert_id)]
            value = value.replace(self.alert_id.encode(), own.encode())
        return Entry(value, self.name, key=other.encode())


class Past(Struct, frozen=True, kw_only=True):
    """What was read back at the start, and the server's memory then; `records` are of all topics, ticks left out."""

    patients: int
    hours: int
    panels: int
    records: int
    read_seconds: float
    records_per_second: float
    empty_megabytes: float
    megabytes: float


def past(connection: Connection, folder: Path, *, patients: int, hours: int) -> Past:
    """Puts so many hours of a panel a minute on the topics, starts the server, and waits until all is read."""
    with told_in_one_line():
        create_topics(connection.for_kafka_python(), f"{PREFIX}-empty")
        with serving(connection, f"{PREFIX}-empty", folder) as server:
            server.await_read_back(seconds=_READ_SECONDS)
            empty = server.megabytes
        create_topics(connection.for_kafka_python(), PREFIX)
        records = _publish(connection, patients, hours)
        began = time.monotonic()
        with serving(connection, PREFIX, folder) as server:
            server.await_read_back(seconds=_READ_SECONDS)
            seconds = time.monotonic() - began
            megabytes = server.megabytes
    return Past(
        patients=patients,
        hours=hours,
        panels=patients * hours * _IN_AN_HOUR,
        records=records,
        read_seconds=round(seconds, 1),
        records_per_second=round(records / seconds, 1),
        empty_megabytes=round(empty, 1),
        megabytes=round(megabytes, 1),
    )


def _publish(connection: Connection, patients: int, hours: int) -> int:
    folded = min(_FOLDED, patients)
    with ExitStack() as stack:
        feeds = {
            name: stack.enter_context(Feed(topic_name(PREFIX, name), connection.for_kafka_python())) for name in _TOPICS
        }
        log = feeds[_LOG]
        for number, told in enumerate(rounds(folded, hours * _IN_AN_HOUR)):
            for entry in ticks_at(BEGINS_AT + timedelta(minutes=number), log.partitions, "replay"):
                log.publish(entry)
            for patient in range(patients):
                for each in told[patient % folded]:
                    feeds[each.name].publish(each.of(patient_name(patient % folded), patient_name(patient)))
    return sum(feed.published for feed in feeds.values())


def rounds(patients: int, minutes: int) -> Iterator[list[list[Told]]]:
    """What is told of each patient in each minute: the log's own records and what the fold makes of them."""
    fold, offset = PartitionFold(0), 0
    waiting = {patient_name(number): [admission(patient_name(number)).value] for number in range(patients)}
    for panel in panels(patients * minutes, patients):
        at = BEGINS_AT + timedelta(minutes=panel.number // patients)
        if panel.number % patients == 0:
            told: dict[str, list[Told]] = {name: [] for name in waiting}
            offset = _take(fold, next(iter(ticks_at(at, 1, "replay"))).value, offset, told)
        waiting[panel.patient_id].append(reading(panel, at).value)
        for value in waiting[panel.patient_id]:
            told[panel.patient_id].append(Told(_LOG, value))
            offset = _take(fold, value, offset, told)
        waiting[panel.patient_id].clear()
        if panel.number % patients == patients - 1:
            yield list(told.values())


def _take(fold: PartitionFold, value: bytes, offset: int, told: dict[str, list[Told]]) -> int:
    for output in fold.advance(value, offset=offset):
        if isinstance(output, (Assessment, Alert, Recommendation)):
            assert output.patient_id is not None
            alert_id = output.alert_id if isinstance(output, Alert) else None
            told[output.patient_id].append(Told(topic_of(output), codec.encode(output), alert_id))
    return offset + 1
