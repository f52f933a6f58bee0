"""A made-up ward that sends while somebody looks: each patient a panel a second, each of which can be told apart."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

from benchmarks.full.feed import BEGINS_AT, admission, reading
from benchmarks.panels import SIGNS, Panel, is_sick, panels, patient_name
from producers.entry import Entry
from producers.feed import Feed
from producers.pace import paced
from producers.ticks import ticks_at
from streams.settings import Connection
from streams.topics import topic_name

WARM_SECONDS = 12
SETTLE_SECONDS = 5
LONGEST_SECONDS = 60
"""So long each panel can be told apart: until then no value is out of the minute of which the median is shown."""
_LOWEST_RATE, _LOWEST_PRESSURE = 45, 112
_NO_RATE = 900  # Which no worker believes.
_RATE = [sign.name for sign in SIGNS].index("heart_rate")
_SYSTOLIC = [sign.name for sign in SIGNS].index("systolic_bp")
_SATURATION = [sign.name for sign in SIGNS].index("spo2")
_URGENT_SATURATION = 75.0
_STOPPED_SECONDS = 30.0

Produced = dict[tuple[str, int], float]
"""When each panel was handed over, in seconds since 1970, by patient and second."""


def second_of(rate: float, pressure: float) -> int:
    """Of which panel these are shown.

    Both are medians of values that grow, so each moves on with every other panel; as the first heart rate is refused,
    there is one less of them, and they move on in turns.
    """
    return int(rate - _LOWEST_RATE - 1 + pressure - _LOWEST_PRESSURE)


@contextmanager
def feeding(connection: Connection, prefix: str, *, patients: int, seconds: int, alarms: int = 0) -> Iterator["Ward"]:
    """Feeds from a thread of its own for so many seconds, or until the end; `alarms` patients alarm, once each."""
    stop, produced = threading.Event(), Produced()

    def publish() -> float:
        with Feed(topic_name(prefix, "patient-events"), connection.for_kafka_python()) as feed:
            for patient in range(patients):
                feed.publish(admission(patient_name(patient)))
            told = entries(patients, seconds, alarms, feed.partitions)
            began = time.monotonic()
            for entry in paced(told, 1, time.monotonic, time.sleep):
                if stop.is_set():
                    break
                if entry.key is not None and entry.at is not None:
                    second = int((entry.at - BEGINS_AT).total_seconds())
                    produced[entry.key.decode(), second] = time.time()
                feed.publish(entry)
            return time.monotonic() - began

    with ThreadPoolExecutor(1, "feed") as pool:
        try:
            yield Ward(produced, pool.submit(publish))
        finally:
            stop.set()


class Ward:
    """One that is fed; `produced` fills while it is."""

    def __init__(self, produced: Produced, feed: "Future[float]") -> None:
        self.produced = produced
        self._feed = feed

    @property
    def is_fed(self) -> bool:
        """Whether more is to come."""
        return not self._feed.done()

    def await_end(self) -> float:
        """Waits until all is published, and says how many seconds that took; raises what the feed raised."""
        return self._feed.result()


def entries(patients: int, seconds: int, alarms: int, partitions: int) -> Iterator[Entry]:
    """The panels in order of time, with a tick each second."""
    alarming = dict(_alarms(patients, seconds, alarms))
    for panel in panels(patients * seconds, patients):
        patient, second = panel.number % patients, panel.number // patients
        at = BEGINS_AT + timedelta(seconds=second) + timedelta(microseconds=patient * 1_000_000 // patients)
        if patient == 0:
            yield from ticks_at(at, partitions, "replay")
        yield reading(_told_apart(panel, second, is_alarming=alarming.get(patient) == second), at)


def _alarms(patients: int, seconds: int, alarms: int) -> Iterator[tuple[int, int]]:
    """Who alarms at which second: one of each patient who is not alarming anyway, spread over those that count."""
    healthy = [patient for patient in range(patients) if not is_sick(patient)][:alarms]
    counting = max(1, seconds - WARM_SECONDS - 1)
    for number, patient in enumerate(healthy):
        yield patient, WARM_SECONDS + number * counting // len(healthy)


def _told_apart(panel: Panel, second: int, *, is_alarming: bool) -> Panel:
    values = list(panel.values)
    step = second % LONGEST_SECONDS
    values[_RATE] = _LOWEST_RATE + step if second else _NO_RATE
    values[_SYSTOLIC] = _LOWEST_PRESSURE + step
    if is_alarming:
        values[_SATURATION] = _URGENT_SATURATION
    return panel._replace(values=tuple(values))
