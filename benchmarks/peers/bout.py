"""One engine at work: a feed published before, a process that drains it, and what it wrote."""

import contextlib
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
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
_LEAST_CPU_SECONDS = 0.5  # Less is as coarse as the clock that counts it.
_STOP_SECONDS = 15.0


@dataclass(frozen=True)
class Outcome:
    """What one engine wrote, and how fast by the clock and by its processor time (none: too short to tell)."""

    panels_per_second: float
    panels_per_cpu_second: float | None
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
            by_cpu = process.await_outputs(admin, sink, len(panels))
        appended, told = _read(engine, sink, connection)
        return Outcome(records_per_second(appended), by_cpu, told)


def _publish(topic: str, connection: Connection, panels: Sequence[bytes]) -> None:
    with Feed(topic, connection.for_kafka_python()) as feed:
        for number, value in enumerate(panels):
            feed.publish(Entry(value, f"panel {number}", key=decode(value).patient_id.encode()))


def _read(engine: Engine, sink: str, connection: Connection) -> tuple[list[int], list[Assessed]]:
    """Everything that was committed, and when the broker took it."""
    appended, told = [], []
    for records in read_topics(connection.for_aiokafka(), [sink]):
        appended += [record.timestamp for record in records]
        told += [engine.read(record.value or b"") for record in records]
    return appended, told


class _Running:
    """The process of an engine, and its log."""

    def __init__(self, engine: Engine, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self._engine = engine
        self._process = process
        self._log = log

    def await_outputs(self, admin: KafkaAdminClient, sink: str, count: int) -> float | None:
        """Waits for so many outputs and until no more come; returns how many a CPU second there were.

        Markers of transactions count as outputs.
        """
        found, moved_at, used = -1, time.monotonic(), list[tuple[int, float]]()
        while True:
            now, before = time.monotonic(), found
            found = offsets(admin, sink)
            if found != before:
                moved_at = now
                used += [(found, self._cpu_seconds())] if found else []
            if found >= count and now - moved_at > _SETTLED_SECONDS:
                return _by_cpu(used)
            if self._process.poll() is not None:
                raise self._failed(f"ended with {self._process.returncode}")
            if now - moved_at > _STALL_SECONDS:
                raise self._failed(f"stands still at {found} of {count} outputs")
            time.sleep(_POLL_SECONDS)

    def _cpu_seconds(self) -> float:
        with contextlib.suppress(psutil.NoSuchProcess):
            return float(sum(psutil.Process(self._process.pid).cpu_times()[:2]))
        return 0.0

    def _failed(self, what: str) -> CommandFailed:
        lines = self._log.read_text(errors="replace").split("\n")
        last = next((line.strip() for line in reversed(lines) if line.strip()), "nothing")
        return CommandFailed(f"{self._engine.name} {what}. Its log ends: {last}")


def _by_cpu(used: Sequence[tuple[int, float]]) -> float | None:
    """Outputs by processor time between the first look at which there were any and the last at which more came."""
    if len(used) < 2 or used[-1][1] - used[0][1] < _LEAST_CPU_SECONDS:
        return None
    return (used[-1][0] - used[0][0]) / (used[-1][1] - used[0][1])


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
