"""One engine at work: a feed published before, a process that drains it, and what it wrote."""

import contextlib
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kafka.admin import KafkaAdminClient

from benchmarks.outputs import admin_client, offsets, records_per_second
from benchmarks.peers.engines import Bout, Engine
from benchmarks.places import ROOT
from benchmarks.reference.job import Assessed, decode
from producers.entry import Entry
from producers.feed import Feed
from streams.settings import Connection
from streams.topics import create_topics, topic_name
from vigil.connection import told_in_one_line
from vigil.errors import CommandFailed
from vigil.log_reader import read_topics

_STALL_SECONDS = 60.0
_SETTLED_SECONDS = 1.5  # Longer than an engine waits with a transaction.
_POLL_SECONDS = 0.25
_STOP_SECONDS = 15.0


@dataclass(frozen=True)
class Outcome:
    """What one engine wrote, and how fast."""

    panels_per_second: float
    told: list[Assessed]


def run_bout(
    engine: Engine, panels: Sequence[bytes], *, connection: Connection, python: str, prefix: str, folder: Path
) -> Outcome:
    """Lets an engine work through panels on topics of a prefix of its own; `folder` is for its state and its log."""
    client = connection.for_kafka_python()
    source, sink = topic_name(prefix, "patient-events"), topic_name(prefix, "assessments")
    with told_in_one_line():
        create_topics(client, prefix)
        _publish(source, connection, panels)
        state = folder / prefix
        state.mkdir()
        bout = Bout(python, connection.bootstrap_servers, prefix, source, sink, state)
        with _running(engine, bout, folder / f"{prefix}.log") as process, admin_client(client) as admin:
            process.await_outputs(admin, sink, len(panels))
        return _read(engine, sink, connection)


def _publish(topic: str, connection: Connection, panels: Sequence[bytes]) -> None:
    with Feed(topic, connection.for_kafka_python()) as feed:
        for number, value in enumerate(panels):
            feed.publish(Entry(value, f"panel {number}", key=decode(value).patient_id.encode()))


def _read(engine: Engine, sink: str, connection: Connection) -> Outcome:
    """Everything that was committed; its pace is measured by when the broker took it."""
    times, told = [], []
    for records in read_topics(connection.for_aiokafka(), [sink]):
        times += [record.timestamp for record in records]
        told += [engine.read(record.value or b"") for record in records]
    return Outcome(records_per_second(times), told)


class _Running:
    """The process of an engine, and its log."""

    def __init__(self, engine: Engine, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self._engine = engine
        self._process = process
        self._log = log

    def await_outputs(self, admin: KafkaAdminClient, sink: str, count: int) -> None:
        """Waits for so many outputs and until no more come; markers of transactions count as outputs until then."""
        found, moved_at = -1, time.monotonic()
        while True:
            now, before = time.monotonic(), found
            found = offsets(admin, sink)
            if found != before:
                moved_at = now
            if found >= count and now - moved_at > _SETTLED_SECONDS:
                return
            if self._process.poll() is not None:
                raise self._failed(f"ended with {self._process.returncode}")
            if now - moved_at > _STALL_SECONDS:
                raise self._failed(f"stands still at {found} of {count} outputs")
            time.sleep(_POLL_SECONDS)

    def _failed(self, what: str) -> CommandFailed:
        lines = self._log.read_text(errors="replace").split("\n")
        last = next((line.strip() for line in reversed(lines) if line.strip()), "nothing")
        return CommandFailed(f"{self._engine.name} {what}. Its log ends: {last}")


@contextlib.contextmanager
def _running(engine: Engine, bout: Bout, log: Path) -> Iterator[_Running]:
    """Runs an engine with its output in a file, and stops it, by force if it must be."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            engine.command(bout), cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
    try:
        yield _Running(engine, process, log)
    finally:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
