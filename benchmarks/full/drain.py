"""How fast workers drain a log that was published before, and how they take over from one that was killed."""

import time
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from benchmarks.full.feed import ward
from benchmarks.full.workers import Workers, working
from benchmarks.outputs import records_per_second
from producers.feed import Feed
from streams.checkpoint import MARKER_KEY
from streams.settings import Connection
from streams.topics import create_topics, topic_name
from vigil.connection import told_in_one_line
from vigil.ledger import Ledger
from vigil.log_reader import read_topics
from vigil.processing import Committed, wait_until_processed
from vigil.replaying import Teller
from vigil.run import group_of

PREFIX = "replay-drain"
_OUTPUTS = ("assessments", "alerts", "recommendations", "dead-letters")
_READINGS = "vigil_readings_processed_total"
_STALL_SECONDS = 60.0
_LEAST_CPU_SECONDS = 0.5  # Less is as coarse as the clock that counts it.


class Drained(Struct, frozen=True, kw_only=True):
    """What was folded and written, how fast, and what a take-over took.

    `panels_per_cpu_second` is of all workers together, from when they were ready, and null where too little was left to
    do then; `restore_seconds` is of the slowest partition, `take_over_seconds` from the kill until all are ready again.
    """

    panels: int
    measurements: int
    panels_per_second: float
    measurements_per_second: float
    cpu_seconds: float
    panels_per_cpu_second: float | None
    assessments: int
    alerts: int
    recommendations: int
    dead_letters: int
    missing: int
    doubled: int
    restore_seconds: float
    take_over_seconds: float
    checkpoint_bytes_per_patient: float


class _Work(Struct, frozen=True, kw_only=True):
    """What the workers told of themselves; the first two are from when they were ready until all was drained."""

    readings: float
    cpu_seconds: float
    cpu_seconds_with_start: float
    restore_seconds: float
    take_over_seconds: float


def drain(connection: Connection, folder: Path, *, panels: int, patients: int, workers: int, tell: Teller) -> Drained:
    """Publishes everything, lets workers drain it, kills one when they are done, and reads what they wrote."""
    ledger = Ledger()
    with told_in_one_line():
        create_topics(connection.for_kafka_python(), PREFIX)
        published = _publish(connection, panels, patients, ledger, tell)
        with working(connection, PREFIX, workers, folder) as running:
            work = _watch(running, connection, published, tell)
        rate = _read(connection, ledger, tell)
        size = _checkpoint_bytes(connection) / min(patients, panels)
    return _drained(ledger, work, rate, size)


def _watch(running: Workers, connection: Connection, published: Mapping[int, int], tell: Teller) -> _Work:
    running.await_ready()
    readings, cpu_seconds = sum(running.metric(_READINGS)), running.cpu_seconds
    _await_drained(connection, published, tell)
    readings, cpu_at_end = sum(running.metric(_READINGS)) - readings, running.cpu_seconds
    killed_at = time.monotonic()
    running.kill_one()
    return _Work(
        readings=readings,
        cpu_seconds=cpu_at_end - cpu_seconds,
        cpu_seconds_with_start=cpu_at_end,
        restore_seconds=max(running.metric("vigil_restore_seconds")),
        take_over_seconds=time.monotonic() - killed_at,
    )


def _drained(ledger: Ledger, work: _Work, rate: float, checkpoint_bytes: float) -> Drained:
    is_measurable = work.cpu_seconds >= _LEAST_CPU_SECONDS
    return Drained(
        panels=ledger.readings,
        measurements=ledger.measurements,
        panels_per_second=round(rate, 1),
        measurements_per_second=round(rate * ledger.measurements / ledger.readings, 1),
        cpu_seconds=round(work.cpu_seconds_with_start, 2),
        panels_per_cpu_second=round(work.readings / work.cpu_seconds, 1) if is_measurable else None,
        assessments=ledger.counts["assessments"],
        alerts=ledger.counts["alerts"],
        recommendations=ledger.counts["recommendations"],
        dead_letters=ledger.counts["dead-letters"],
        missing=ledger.missing,
        doubled=ledger.doubled,
        restore_seconds=round(work.restore_seconds, 3),
        take_over_seconds=round(work.take_over_seconds, 3),
        checkpoint_bytes_per_patient=round(checkpoint_bytes, 1),
    )


def _publish(connection: Connection, panels: int, patients: int, ledger: Ledger, tell: Teller) -> Mapping[int, int]:
    with Feed(topic_name(PREFIX, "patient-events"), connection.for_kafka_python()) as feed:
        for number, entry in enumerate(ward(panels, patients, feed.partitions)):
            feed.publish(entry)
            ledger.publish(entry)
            if number % 1000 == 0:
                tell.publishing(number)
    return feed.acknowledged


def _await_drained(connection: Connection, published: Mapping[int, int], tell: Teller) -> None:
    total = sum(last + 1 for last in published.values())
    log = topic_name(PREFIX, "patient-events")
    with Committed(connection.for_kafka_python(), group_of(PREFIX), log) as committed:
        wait_until_processed(
            committed.offsets,
            published,
            stall_seconds=_STALL_SECONDS,
            tell=lambda done: tell.processing(done, total),
        )


def _read(connection: Connection, ledger: Ledger, tell: Teller) -> float:
    """Accounts for every output; returns the rate of the assessments, by when the broker took them."""
    names = {topic_name(PREFIX, name): name for name in _OUTPUTS}
    taken: list[int] = []
    for records in read_topics(connection.for_aiokafka(), list(names)):
        for record in records:
            ledger.receive(names[record.topic], record.value or b"")
        if names[records[0].topic] == "assessments":
            taken += [record.timestamp for record in records]
        tell.counting(len(taken))
    return records_per_second(taken)


def _checkpoint_bytes(connection: Connection) -> int:
    """The size of the newest entry of every patient."""
    newest: dict[bytes, int] = {}
    for records in read_topics(connection.for_aiokafka(), [topic_name(PREFIX, "checkpoints")]):
        newest.update({record.key: len(record.key) + len(record.value or b"") for record in records if record.key})
    newest.pop(MARKER_KEY, None)
    return sum(size for key, size in newest.items() if key.startswith(b"patient/"))
