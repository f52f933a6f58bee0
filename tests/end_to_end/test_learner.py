"""A learner that is killed again and again learns each example once, and what workers told is what a backtest tells.

The references are the pure learner over the examples, and `vigil backtest` over the log, both as they were recorded.
"""

import os
import random
import signal
import subprocess
import sys
import uuid
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any
from urllib.request import urlopen

import pytest
from click.testing import CliRunner
from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from models import codec
from models.events import Measurement, ModelPublished, Outcome, PatientContext, Reading, Record, Tick
from models.partitioning import partition_of
from models.risk.learner import Learner
from streams.checkpoint import MARKER_KEY, decode_marker
from streams.learner.settings import learner_group
from streams.settings import Connection, WorkerSettings
from streams.topics import PARTITIONS, create_topics, topic_name
from tests.waiting import until
from vigil.broker.ports import free_port
from vigil.cli import cli
from vigil.commands.worker import worker_commands
from vigil.learner_command import learner_command
from vigil.log_reader import read_topics
from vigil.processing import Committed
from vigil.supervisor import Supervisor

PATIENTS = 80
HOURS = 60
STAY_HOURS = 14
KILLS = 3
START = datetime(2026, 11, 21, tzinfo=UTC)
TOPIC_OF = {
    "Assessment": "assessments",
    "Alert": "alerts",
    "Recommendation": "recommendations",
    "Example": "examples",
    "StayExample": "examples",
    "StayEnded": "examples",
}


@pytest.mark.timeout(240)
def test_a_killed_learner_learns_each_example_once_and_the_backtest_agrees(
    broker: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIGIL_LEARNER_TRANSACTION_EXAMPLES", "50")  # Many transactions to die in.
    monkeypatch.setenv("VIGIL_LEARNER_CHECKPOINT_SECONDS", "2")  # And some that are learned again.
    run = Run(broker, tmp_path)
    run.live_through_it()

    examples, kept = run.read("examples"), run.last_checkpoint()
    covered = decode_marker(kept.pop(MARKER_KEY), 0).offset
    learner, versions = Learner(origin="replay"), set[bytes]()
    for record in examples:
        if record.offset == covered:
            assert kept == entries(learner)
        learner.advance(record.value, offset=record.offset)
        versions |= {codec.encode(published) for published in learner.published}
    if covered > examples[-1].offset:
        assert kept == entries(learner)
    assert learner.unusable == 0
    assert learner.stay.stays > 0

    in_force = {published.model: published.version for published in learner.published}
    assert in_force.keys() == {"deterioration", "stay"}
    told = run.models_told()
    for model, version in in_force.items():
        assert sorted(told[model]) == list(range(PARTITIONS))
        for found in told[model].values():
            assert found == sorted(found)
            assert {value for _, value in found} <= versions
            assert found[-1][0] == version
    assert max(len({each for each, _ in found}) for found in told["deterioration"].values()) > 1

    expected = run.backtest()
    for topic in set(TOPIC_OF.values()):
        written = [record.value for record in run.read(topic)]
        if topic == "examples":  # One partition for all: partitions come in between each other.
            assert sorted(written) == sorted(expected[topic])
        else:
            assert written == expected[topic]
    assert any(b'"risk":{' in line for line in expected["assessments"])
    assert any(b'"stay_risk":{' in line for line in expected["assessments"])


def test_a_second_learner_stands_by_until_the_first_is_gone(broker: str, tmp_path: Path) -> None:
    prefix, ports = f"replay-{uuid.uuid4().hex[:8]}", (free_port(), free_port())
    create_topics(Connection(bootstrap_servers=broker).for_kafka_python(), prefix)
    options = ["learner", "--broker", broker, "--prefix", prefix, "--metrics-port"]
    with ExitStack() as stack, (tmp_path / "processes.log").open("wb") as log:
        first, second = (
            stack.enter_context(running([sys.executable, "-m", "vigil", *options, str(port)], log))
            for port in waited_for(ports)
        )
        with closing(KafkaAdminClient(bootstrap_servers=broker)) as admin:
            until(lambda: members(admin, learner_group(prefix)) == 2, "the second one has joined")

        assert (is_ready(ports[0]), is_ready(ports[1])) == (True, False)
        assert first.poll() is None
        first.send_signal(signal.SIGTERM)
        until(lambda: is_ready(ports[1]), "the second one learns")
        assert (first.wait(20), second.poll()) == (0, None)


class Run:
    """A worker and a learner on a prefix of their own, what happens to them, and what they wrote."""

    def __init__(self, broker: str, folder: Path) -> None:
        self.broker, self.prefix, self.folder = broker, f"replay-{uuid.uuid4().hex[:8]}", folder
        self.connection = Connection(bootstrap_servers=broker)
        self.client = self.connection.for_kafka_python()
        self.log = topic_name(self.prefix, "patient-events")
        self.port = free_port()
        self.ends: dict[int, int] = {}
        create_topics(self.client, self.prefix)

    def live_through_it(self) -> None:
        """A ward goes on while the learner is killed, and at last everything is done and told."""
        commands = [
            *worker_commands(self.broker, self.prefix, 1, metrics_port=0),
            learner_command(self.broker, self.prefix, metrics_port=self.port),
        ]
        producer = KafkaProducer(**self.client, acks="all", linger_ms=5)
        self._done = Committed(self.client, WorkerSettings(prefix=self.prefix).group, self.log)
        self._learned = Committed(self.client, learner_group(self.prefix), topic_name(self.prefix, "examples"))
        with (
            self._done,
            self._learned,
            closing(producer),
            (self.folder / "processes.log").open("wb") as log,
            Supervisor(commands, output=log) as supervisor,
        ):
            for hour, records in enumerate(ward()):
                self._publish(producer, records)
                if hour % 6 == 0:
                    self._await_the_worker()  # In step, as partitions are when nobody catches up.
                if hour % (HOURS // (KILLS + 1)) == HOURS // (KILLS + 1) - 1 and hour < HOURS - 1:
                    self._kill_the_learner(supervisor)
            self._await_both()
            last = [reading(number, HOURS, 0.2) for number in range(PATIENTS) if (HOURS + number) % STAY_HOURS == 8]
            self._publish(producer, [Tick(at=at(HOURS)), *last, Tick(at=at(HOURS + 1))])
            self._await_both()

    def _kill_the_learner(self, supervisor: Supervisor) -> None:
        """Kills it in the middle of learning: it has begun to learn, and the examples of the last hours still come."""
        before = self.metric("vigil_learner_examples_total")
        until(lambda: self.metric("vigil_learner_examples_total") > before, "the learner learns")
        os.kill(supervisor.pids[1], signal.SIGKILL)

    def _publish(self, producer: Any, records: list[Record]) -> None:
        for record in records:
            value = codec.encode(record)
            if isinstance(record, Tick):
                sent = [producer.send(self.log, value, partition=partition) for partition in range(PARTITIONS)]
            else:
                patient: str = record.patient_id  # type: ignore[attr-defined]
                sent = [producer.send(self.log, value, patient.encode(), partition=partition_of(patient, PARTITIONS))]
        producer.flush()
        for future in sent:  # A tick comes last, and stands in every partition.
            where = future.get(20)
            self.ends[where.partition] = where.offset + 1

    def _await_both(self) -> None:
        self._await_the_worker()
        end = self.read("examples")[-1].offset + 1
        until(lambda: self._learned.offsets().get(0, 0) >= end, "everything is learned")
        until(self._is_told, "the last versions are told")

    def _await_the_worker(self) -> None:
        until(self._is_done, "the worker has done everything")

    def _is_done(self) -> bool:
        try:
            offsets = self._done.offsets()
        except KafkaError:  # A coordinator is not there at once.
            return False
        return all(offsets.get(place, 0) >= end for place, end in self.ends.items())

    def _is_told(self) -> bool:
        """Whether every partition, and so the log of the worker, has the versions in force."""
        told = self.models_told()
        return all(
            len(told[model]) == PARTITIONS
            and {found[-1][0] for found in told[model].values()} == {self.metric("vigil_learner_version", model)}
            for model in ("deterioration", "stay")
        )

    def metric(self, name: str, model: str = "deterioration") -> float:
        """One figure of the learner; -1 while it does not answer."""
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=5) as answer:
                lines = answer.read().decode().splitlines()
        except OSError:
            return -1
        wanted = f'{name}{{model="{model}"}} '
        return next((float(line.split()[1]) for line in lines if line.startswith(wanted)), -1)

    def read(self, name: str) -> list[Any]:
        """All that a read_committed reader sees of a topic, by partition."""
        partitions = [0] if name in {"examples", "learner-checkpoints"} else range(PARTITIONS)
        batches = read_topics(
            self.connection.for_aiokafka(), [topic_name(self.prefix, name)], in_order=True, partitions=partitions
        )
        return [record for records in batches for record in records]

    def last_checkpoint(self) -> dict[bytes, bytes]:
        latest = {record.key: record.value for record in self.read("learner-checkpoints")}
        return {key: value for key, value in latest.items() if value is not None}

    def models_told(self) -> dict[str, dict[int, list[tuple[int, bytes]]]]:
        """The versions of each model on each partition of the log, in its order, with their bytes."""
        found: dict[str, dict[int, list[tuple[int, bytes]]]] = defaultdict(lambda: defaultdict(list))
        for record in self.read("patient-events"):
            if b'"ModelPublished"' in record.value:
                event = codec.decode(record.value)
                assert isinstance(event, ModelPublished)
                found[event.model][record.partition].append((event.version, record.value))
        return found

    def backtest(self) -> dict[str, list[bytes]]:
        """What `vigil backtest` tells of the exported log, by topic."""
        log, out = self.folder / "log.jsonl", self.folder / "out.jsonl"
        broker = ["--broker", self.broker, "--prefix", self.prefix]
        for command in (["topics", "export", str(log), *broker], ["backtest", str(log), "--outputs", str(out)]):
            done = CliRunner().invoke(cli, command)
            assert done.exit_code == 0, done.output
        found: dict[str, list[bytes]] = defaultdict(list)
        for line in out.read_bytes().splitlines():
            kind = line.partition(b'"type":"')[2].partition(b'"')[0].decode()
            found[TOPIC_OF[kind]].append(line)
        return found


def entries(learner: Learner) -> dict[bytes, bytes]:
    """The whole state of a learner of which nothing was asked before."""
    return {key: value for key, value in learner.changed() if value is not None}


def ward() -> Iterator[list[Record]]:
    """Hour after hour: some patients get worse before their score does, and in the end leave or die; others come."""
    pick = random.Random(7)
    severity = [pick.random() for _ in range(PATIENTS)]
    for hour in range(HOURS):
        records: list[Record] = [Tick(at=at(hour))]
        for number in range(PATIENTS):
            severity[number] = min(max(severity[number] + pick.gauss(0, 0.15), 0), 1)
            records += hour_of(number, hour, severity[number])
            if pick.random() < 0.002:
                records.append(Outcome(patient_id=patient_of(number, hour), at=at(hour), kind="deterioration"))
        yield [*records, Tick(at=at(hour) + timedelta(minutes=30))]


def hour_of(number: int, hour: int, severity: float) -> Iterator[Record]:
    """Who is in a bed at an hour is measured; with the first hour comes another patient, with the last one it ends."""
    patient, passed = patient_of(number, hour), (hour + number) % STAY_HOURS
    if hour == 0 or passed == 0:
        yield PatientContext(patient_id=patient, effective_at=at(hour), age=70.0, on_oxygen=False)
    yield reading(number, hour, severity)
    if passed == STAY_HOURS - 1:
        yield Outcome(patient_id=patient, at=at(hour), kind="death" if severity > 0.7 else "discharge")


def patient_of(number: int, hour: int) -> str:
    """Who lies in a bed at an hour."""
    return f"p{number}-{(hour + number) // STAY_HOURS}"


def reading(number: int, hour: int, severity: float) -> Reading:
    values = {"9279-1": 15 + 11 * severity, "59408-5": 98 - 8 * severity, "8867-4": 75 + 50 * severity}
    units = {"9279-1": "/min", "59408-5": "%", "8867-4": "/min"}
    return Reading(
        reading_id=f"{number}-{hour}",
        patient_id=patient_of(number, hour),
        device_id=f"hand-{number}",
        device_type="manual",
        effective_at=at(hour),
        measurements=[Measurement(code=code, value=round(value), unit=units[code]) for code, value in values.items()],
    )


def at(hour: int) -> datetime:
    return START + timedelta(hours=hour, minutes=10)


@contextmanager
def running(command: list[str], log: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def waited_for(ports: tuple[int, int]) -> Iterator[int]:
    """The ports of learners, the second one once the first learns."""
    yield ports[0]
    until(lambda: is_ready(ports[0]), "the first one learns")
    yield ports[1]


def is_ready(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def members(admin: KafkaAdminClient, group: str) -> int:
    """How many are in a group that is settled."""
    [found] = admin.describe_groups([group]).values()
    return len(found["members"]) if found["group_state"] == "Stable" else 0
