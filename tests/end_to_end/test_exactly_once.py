"""Two workers, a feed that runs, and everything that may go wrong: each output exactly once, and state as by the book.

The reference is the fold in memory over the log as it was recorded, ticks included.
"""

import os
import random
import signal
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any
from urllib.request import urlopen

import pytest
from kafka import KafkaProducer, TopicPartition
from kafka.admin import KafkaAdminClient, OffsetSpec
from kafka.errors import KafkaError

from models import codec
from models.events import Measurement, Outcome, PatientContext, Reading
from models.partition import PartitionFold
from models.partitioning import partition_of
from producers.ticker import Ticker
from streams.checkpoint import MARKER_KEY, decode_marker
from streams.outgoing import Outgoing, outgoing
from streams.settings import Connection, WorkerSettings
from streams.topics import PARTITIONS, create_topics, topic_name
from tests.waiting import until
from vigil.broker import Broker
from vigil.broker.ports import free_port
from vigil.commands.worker import worker_commands
from vigil.log_reader import read_topics
from vigil.processing import Committed
from vigil.supervisor import Supervisor

ROOT = Path(__file__).parents[2]
PREFIX = "live"
LOG = topic_name(PREFIX, "patient-events")
GROUP = WorkerSettings(prefix=PREFIX).group
OUTPUTS = ("assessments", "alerts", "recommendations", "dead-letters")
PATIENTS = 60
READINGS_A_SECOND = 400
KAFKA, WORKERS = "kafka", "workers.log"

Written = tuple[bytes | None, bytes, tuple[tuple[str, bytes], ...]]


@pytest.mark.timeout(400)
def test_each_output_is_written_once_whatever_dies(tmp_path: Path) -> None:
    # In a process of its own: kafka-python leaves a socket open for each refused connection, here an error.
    scenario = [sys.executable, "-m", "tests.end_to_end.test_exactly_once", str(tmp_path)]
    lived = subprocess.run(scenario, cwd=ROOT, capture_output=True, text=True, check=False, timeout=380)
    assert lived.returncode == 0, lived.stderr

    with Broker(tmp_path / KAFKA) as broker:
        client = Connection(bootstrap_servers=broker.address).for_aiokafka()
        recorded, written = read(client, ["patient-events"]), read(client, [*OUTPUTS, "checkpoints"])

    assert sum(len(records) for records in recorded.values()) > int(lived.stdout) > 0
    assert b"CRITICAL leaving (fenced)" in (tmp_path / WORKERS).read_bytes()
    for partition in range(PARTITIONS):
        fold = PartitionFold(partition, topic=LOG, origin="live")
        expected = outputs_by_topic(fold, recorded[LOG, partition])
        for name in OUTPUTS:
            assert [as_written(record) for record in written[topic_name(PREFIX, name), partition]] == expected[name]
        assert last_state(written[topic_name(PREFIX, "checkpoints"), partition], recorded[LOG, partition]) == list(
            fold.entries()
        )


# --- What goes wrong --------------------------------------------------------------------------------------------------


def live_through_everything(folder: Path) -> None:
    """Lets it all happen, and prints how much was published."""
    with Broker(folder / KAFKA) as broker, (folder / WORKERS).open("wb") as log:
        client = Connection(bootstrap_servers=broker.address).for_kafka_python()
        create_topics(client, PREFIX)
        one, two, three = (Worker(broker.address, name, log) for name in ("one", "two", "three"))
        with feeding(client) as feed, telling_the_time(client) as clock, one.supervisor, two.supervisor:
            for victim in (one, two, one):
                until(lambda: one.is_at_work and two.is_at_work, "both workers hold partitions", 60)
                kill_in_flight(victim, client, feed)
            until(lambda: one.is_at_work and two.is_at_work, "both workers hold partitions", 60)
            pause_until_overtaken(two, client, feed)
            with three.supervisor:
                until(lambda: three.is_at_work, "the worker that joined holds partitions", 60)
                everything_so_far_is_done(client, feed)
                kill_and_restart(broker)
                everything_so_far_is_done(client, feed)
            feed.stop()
            clock.stop()
            the_whole_log_is_done(client)
    print(feed.published)


class Worker:
    """A worker process that is started again when it dies."""

    def __init__(self, broker: str, name: str, log: IO[bytes]) -> None:
        self._port = free_port()
        (command,) = worker_commands(broker, PREFIX, 1, metrics_port=self._port)
        self.supervisor = Supervisor([[*command, "--instance-id", name]], output=log)

    @property
    def pid(self) -> int | None:
        return next(iter(self.supervisor.pids), None)

    @property
    def is_at_work(self) -> bool:
        """Whether it holds partitions, all of them restored."""
        try:
            with urlopen(f"http://127.0.0.1:{self._port}/readyz") as ready:
                assert ready.status == 200
            with urlopen(f"http://127.0.0.1:{self._port}/metrics") as metrics:
                return b"vigil_partitions_held 0.0" not in metrics.read()
        except OSError:
            return False


def kill_in_flight(worker: Worker, client: dict[str, Any], feed: "Feed") -> None:
    """Kills a worker while records come in for it, and sees that another one, or its successor, does them."""
    victim = worker.pid
    assert victim is not None
    os.kill(victim, signal.SIGKILL)
    more_is_published(feed)
    everything_so_far_is_done(client, feed)


def pause_until_overtaken(worker: Worker, client: dict[str, Any], feed: "Feed") -> None:
    """Stops a worker in its tracks until another has done its work, then lets it go on: it must find itself fenced."""
    victim = worker.pid
    assert victim is not None
    os.kill(victim, signal.SIGSTOP)
    more_is_published(feed)
    everything_so_far_is_done(client, feed)
    os.kill(victim, signal.SIGCONT)
    until(lambda: worker.pid != victim, "the overtaken worker leaves", 60)
    everything_so_far_is_done(client, feed)


def kill_and_restart(broker: Broker) -> None:
    os.kill(broker.pid, signal.SIGKILL)
    broker.wait(30)
    broker.stop()
    broker.start()


# --- The feed ---------------------------------------------------------------------------------------------------------


class Feed:
    """Publishes readings, contexts, outcomes and garbage until it is stopped."""

    def __init__(self, client: dict[str, Any]) -> None:
        self._producer = KafkaProducer(**client, acks="all", linger_ms=20, delivery_timeout_ms=180_000)
        self._random = random.Random(3)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._acknowledged: dict[int, int] = defaultdict(int)
        self.published = 0

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Stops and waits until the broker has everything."""
        self._stop.set()
        self._thread.join()
        self._producer.flush()

    def close(self) -> None:
        self.stop()
        self._producer.close()

    @property
    def ends(self) -> dict[int, int]:
        """The offset after the last record that the broker confirmed, by partition."""
        return dict(self._acknowledged)

    def _run(self) -> None:
        while not self._stop.wait(0.05):
            for _ in range(READINGS_A_SECOND // 20):
                patient = f"p{self._random.randrange(PATIENTS)}"
                sent = self._producer.send(
                    LOG, self._value(patient), patient.encode(), partition=partition_of(patient, PARTITIONS)
                )
                sent.add_callback(self._confirm)

    def _confirm(self, sent: Any) -> None:
        self.published += 1
        self._acknowledged[sent.partition] = max(self._acknowledged[sent.partition], sent.offset + 1)

    def _value(self, patient: str) -> bytes:
        chance, now = self._random.random(), datetime.now(UTC)
        if chance < 0.01:
            return b'{"type": "Reading", "patient_id": 7}'
        if chance < 0.02:
            return codec.encode(
                PatientContext(patient_id=patient, effective_at=now, age=70.0, on_oxygen=chance < 0.015)
            )
        if chance < 0.022:
            return codec.encode(Outcome(patient_id=patient, at=now, kind="transfer"))
        return codec.encode(self._reading(patient, now))

    def _reading(self, patient: str, now: datetime) -> Reading:
        pick = self._random.gauss
        return Reading(
            reading_id=f"{patient}-{self.published}-{self._random.randrange(1_000_000)}",
            patient_id=patient,
            device_id=f"monitor-{patient}",
            device_type="monitor",
            effective_at=now - timedelta(seconds=self._random.choice([0, 0, 0, 5])),
            measurements=[
                Measurement(code="8867-4", value=round(pick(95, 25)), unit="/min"),
                Measurement(code="59408-5", value=min(100, round(pick(94, 4))), unit="%"),
                Measurement(code="9279-1", value=round(pick(18, 6)), unit="/min"),
            ],
        )


@contextmanager
def feeding(client: dict[str, Any]) -> Iterator[Feed]:
    """A feed that runs meanwhile."""
    feed = Feed(client)
    feed.start()
    try:
        yield feed
    finally:
        feed.close()


class Clock:
    """Tells the log the time until it is stopped."""

    def __init__(self, client: dict[str, Any]) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=Ticker(LOG, client, every_seconds=1).run, args=[self._stop])
        self._thread.start()

    def stop(self) -> None:
        """Stops, and waits until no tick is under way."""
        self._stop.set()
        self._thread.join()


@contextmanager
def telling_the_time(client: dict[str, Any]) -> Iterator[Clock]:
    """A clock that runs meanwhile."""
    clock = Clock(client)
    try:
        yield clock
    finally:
        clock.stop()


# --- What is there ----------------------------------------------------------------------------------------------------


def more_is_published(feed: Feed) -> None:
    """Waits until each partition has got something since."""
    before = feed.ends
    until(lambda: all(feed.ends[partition] > end for partition, end in before.items()), "more is published", 30)


def everything_so_far_is_done(client: dict[str, Any], feed: Feed) -> None:
    """Waits until the group has committed all that was published up to now."""
    until(lambda: feed.published > 0, "the feed publishes", 30)
    published = feed.ends
    until(lambda: covers(committed(client), published), "the workers have done everything", 90)


def the_whole_log_is_done(client: dict[str, Any]) -> None:
    """Waits until the group has committed every record, once nothing more is written."""
    with closing(KafkaAdminClient(**client)) as admin:
        places = [TopicPartition(LOG, partition) for partition in range(PARTITIONS)]
        ends = admin.list_partition_offsets(dict.fromkeys(places, OffsetSpec.LATEST))
    written = {place.partition: end.offset for place, end in ends.items()}
    until(lambda: covers(committed(client), written), "the workers have done the whole log", 90)


def covers(done: dict[int, int], published: dict[int, int]) -> bool:
    return all(done.get(partition, 0) >= end for partition, end in published.items())


def committed(client: dict[str, Any]) -> dict[int, int]:
    try:
        with Committed(client, GROUP, LOG) as done:
            return done.offsets()
    except KafkaError:
        return {}


def read(client: dict[str, Any], names: Sequence[str]) -> dict[tuple[str, int], list[Any]]:
    """All that a read_committed reader sees, by topic and partition."""
    found: dict[tuple[str, int], list[Any]] = defaultdict(list)
    for records in read_topics(client, [topic_name(PREFIX, name) for name in names], in_order=True):
        for record in records:
            found[record.topic, record.partition].append(record)
    return found


def outputs_by_topic(fold: PartitionFold, records: Sequence[Any]) -> dict[str, list[Written]]:
    expected: dict[str, list[Written]] = defaultdict(list)
    for record in records:
        for output in fold.advance(record.value, offset=record.offset, key=record.key):
            sent: Outgoing = outgoing(output)
            expected[sent.topic].append((sent.key, sent.value, sent.headers))
    return expected


def as_written(record: Any) -> Written:
    return record.key, record.value, tuple(record.headers)


def last_state(checkpoints: Sequence[Any], recorded: Sequence[Any]) -> list[tuple[bytes, bytes]]:
    """What the last checkpoint holds, which must cover the whole log."""
    entries = {record.key: record.value for record in checkpoints}
    marker = decode_marker(entries.pop(MARKER_KEY), checkpoints[0].partition)
    assert marker.offset == recorded[-1].offset + 1
    return sorted(entries.items())


if __name__ == "__main__":
    live_through_everything(Path(sys.argv[1]))
