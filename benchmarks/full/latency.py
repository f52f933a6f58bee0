"""How long after a reading is produced its alert can be read, at a steady pace."""

import asyncio
import statistics
import threading
import time
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from aiokafka import AIOKafkaConsumer
from msgspec import Struct

from benchmarks.full.feed import BEGINS_AT, admission, reading
from benchmarks.full.workers import working
from benchmarks.panels import SIGNS, Panel, is_sick, panels, patient_name
from producers.entry import Entry
from producers.feed import Feed
from producers.pace import paced
from producers.ticks import ticks_at
from streams.settings import Connection
from streams.topics import create_topics, topic_name
from vigil.connection import told_in_one_line
from vigil.errors import CommandFailed
from vigil.replaying import Teller

PREFIX = "replay-paced"
_WARM_SECONDS = 5
_TICK_SECONDS = 5
_PATIENCE_SECONDS = 30.0
_URGENT_SATURATION = 75.0
_SATURATION = [sign.name for sign in SIGNS].index("spo2")

Key = tuple[str, datetime]


class Latency(Struct, frozen=True, kw_only=True):
    """Milliseconds from the reading's hand-over to the producer until a read_committed reader has the alert."""

    panels_per_second: float
    seconds: int
    alerts: int
    p50_ms: float
    p99_ms: float
    max_ms: float


class _Alert(Struct, frozen=True):
    patient_id: str
    at: datetime
    notify: bool


def pace(connection: Connection, folder: Path, *, rate: int, seconds: int, workers: int, tell: Teller) -> Latency:
    """Each patient sends a panel a second, once of a saturation that alarms at once; the first seconds do not count."""
    with told_in_one_line():
        create_topics(connection.for_kafka_python(), PREFIX)
        with working(connection, PREFIX, workers, folder) as running, _Reader(connection.for_aiokafka()) as reader:
            running.await_ready()
            produced, took = _publish(connection, rate, seconds, tell)
            wanted = set(_alarms(rate, seconds))
            arrived = reader.await_alerts(wanted)
    late = sorted((arrived[key] - produced[key]) * 1000 for key in wanted)
    cuts = statistics.quantiles(late, n=100, method="inclusive") if len(late) > 1 else late * 99
    return Latency(
        panels_per_second=round(len(produced) / took, 1),
        seconds=seconds,
        alerts=len(late),
        p50_ms=round(cuts[49], 1),
        p99_ms=round(cuts[98], 1),
        max_ms=round(late[-1], 1),
    )


def _alarms(rate: int, seconds: int) -> Iterator[Key]:
    """Which panels alarm: one of each patient who is not alarming anyway, spread over the seconds that count."""
    for patient in range(rate):
        if not is_sick(patient):
            yield patient_name(patient), _at(patient, _WARM_SECONDS + patient % seconds, rate)


def _at(patient: int, second: int, rate: int) -> datetime:
    return BEGINS_AT + timedelta(seconds=second) + timedelta(microseconds=patient * 1_000_000 // rate)


def _entries(rate: int, seconds: int, partitions: int) -> Iterator[Entry]:
    """The panels in order of time, with ticks."""
    alarms = set(_alarms(rate, seconds))
    for panel in panels(rate * (_WARM_SECONDS + seconds), rate):
        patient, second = panel.number % rate, panel.number // rate
        at = _at(patient, second, rate)
        if patient == 0 and second % _TICK_SECONDS == 0:
            yield from ticks_at(at, partitions, "replay")
        yield reading(_alarming(panel) if (panel.patient_id, at) in alarms else panel, at)


def _alarming(panel: Panel) -> Panel:
    values = list(panel.values)
    values[_SATURATION] = _URGENT_SATURATION
    return panel._replace(values=tuple(values))


def _publish(connection: Connection, rate: int, seconds: int, tell: Teller) -> tuple[Mapping[Key, float], float]:
    """Publishes at the pace of the panels' own times; returns when each was handed over, and how long all took."""
    produced: dict[Key, float] = {}
    with Feed(topic_name(PREFIX, "patient-events"), connection.for_kafka_python()) as feed:
        for patient in range(rate):
            feed.publish(admission(patient_name(patient)))
        feed.flush()
        began = time.monotonic()
        for entry in paced(_entries(rate, seconds, feed.partitions), 1, time.monotonic, time.sleep):
            if not entry.is_tick:
                assert entry.key is not None
                assert entry.at is not None
                produced[entry.key.decode(), entry.at] = time.monotonic()
                tell.publishing(len(produced))
            feed.publish(entry)
        return produced, time.monotonic() - began


class _Reader:
    """Notes, in a thread of its own, when an alert that notifies can first be read."""

    def __init__(self, client: Mapping[str, Any]) -> None:
        self._client = client
        self._arrived: dict[Key, float] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._read()), name="reader", daemon=True)

    def await_alerts(self, wanted: set[Key]) -> Mapping[Key, float]:
        """When each of the alerts came; that one never comes is an error."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while missing := wanted - self._arrived.keys():
            if time.monotonic() > deadline:
                raise CommandFailed(f"{len(missing)} of {len(wanted)} alerts did not come: the worker's log says more.")
            time.sleep(0.1)
        return self._arrived

    def __enter__(self) -> "_Reader":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    async def _read(self) -> None:
        decode = msgspec.json.Decoder(_Alert).decode
        consumer = AIOKafkaConsumer(
            topic_name(PREFIX, "alerts"),
            **self._client,
            isolation_level="read_committed",
            enable_auto_commit=False,
            auto_offset_reset="earliest",
        )
        await consumer.start()
        try:
            while not self._stop.is_set():
                fetched = await consumer.getmany(timeout_ms=200)
                now = time.monotonic()
                for record in (record for records in fetched.values() for record in records):
                    alert = decode(record.value)
                    if alert.notify:
                        self._arrived.setdefault((alert.patient_id, alert.at), now)
        finally:
            await consumer.stop()
