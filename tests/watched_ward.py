"""A ward to look at: a worker and the page's server as processes of their own, and what is published to them."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import requests
from kafka import KafkaProducer

from models import codec
from models.events import DeviceType, Measurement, PatientContext, Reading, Tick
from models.partitioning import partition_of
from streams.settings import Connection
from streams.topics import PARTITIONS, create_topics
from tests.waiting import until
from vigil.broker.ports import free_port
from vigil.log_reader import read_topics

Json = dict[str, Any]
ROOT = Path(__file__).parents[1]
WELL: Mapping[str, float | str] = {
    "9279-1": 16.0,
    "59408-5": 97.0,
    "3151-8": 0.0,
    "8480-6": 122.0,
    "8867-4": 72.0,
    "67775-7": "A",
    "8310-5": 36.8,
}
"""A panel of which every part scores 0."""
ILL: Mapping[str, float | str] = WELL | {"9279-1": 26.0, "59408-5": 91.0, "8867-4": 134.0}
"""A panel that scores 9, which is a high alert at once."""
_UNITS = {"9279-1": "/min", "59408-5": "%", "3151-8": "L/min", "8480-6": "mm[Hg]", "8867-4": "/min", "8310-5": "Cel"}


@contextmanager
def running(*arguments: str, **environment: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Runs a command of Vigil beside the test, and ends it."""
    command = [sys.executable, "-m", "vigil", *arguments]
    around = os.environ | environment
    process = subprocess.Popen(command, cwd=ROOT, env=around, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def working(broker: str, prefix: str) -> Iterator["Log"]:
    """Makes the topics and runs a worker on them; gives the log."""
    create_topics(Connection(bootstrap_servers=broker).for_kafka_python(), prefix)
    with running("worker", "--broker", broker, "--prefix", prefix, "--metrics-port", "0"):
        yield Log(broker, prefix)


class Log:
    """The log of a ward, to be written to and read.

    `now` is the time of what is measured next, where it is not the time of day; what is measured by hand stays fresh
    for longer than any test takes.
    """

    def __init__(self, broker: str, prefix: str) -> None:
        self.broker = broker
        self.prefix = prefix
        self.now: datetime | None = None
        self.device_type: DeviceType = "manual"
        self._count = 0

    def measure(self, *patients: str, panel: Mapping[str, float | str] = ILL) -> None:
        """Publishes one panel of each patient, measured now."""
        at = self.now or datetime.now(UTC)
        self._publish(*(self._reading(patient, panel, at) for patient in patients))

    def monitor(self, patient: str, panel: Mapping[str, float | str], *, minutes: int) -> None:
        """Publishes a panel for each half minute up to now."""
        assert self.now is not None
        ages = (timedelta(seconds=30 * n) for n in reversed(range(2 * minutes)))
        self._publish(*(self._reading(patient, panel, self.now - age) for age in ages))

    def place(self, patient: str, ward: str, bed: str) -> None:
        """Says in which bed a patient lies."""
        self.place_all([(patient, ward, bed)])

    def place_all(self, places: Iterable[tuple[str, str, str]]) -> None:
        """Says of patients in which ward and bed they lie."""
        at = self.now or datetime.now(UTC)
        self._publish(
            *(
                PatientContext(patient_id=patient, effective_at=at, age=60, ward=ward, bed=bed)
                for patient, ward, bed in places
            )
        )

    def tick(self) -> None:
        """Says to every partition what time it is."""
        assert self.now is not None
        self._publish(Tick(at=self.now))

    def told(self, topic: str, kind: str) -> list[Json]:
        """All records of one type on a topic, as a read_committed reader sees them."""
        with ThreadPoolExecutor(max_workers=1) as pool:  # Playwright's event loop runs in the thread of the tests.
            records = pool.submit(self._read, topic).result()
        return [each for each in records if each["type"] == kind]

    def answered(self, kind: str, patient: str) -> list[Json]:
        """The answers of one type that stand on the log of a patient."""
        return [each for each in self.told("patient-events", kind) if each["patient_id"] == patient]

    def _read(self, topic: str) -> list[Json]:
        client = Connection(bootstrap_servers=self.broker).for_aiokafka()
        batches = read_topics(client, [f"{self.prefix}.{topic}"])
        return [json.loads(record.value) for batch in batches for record in batch if record.value]

    def _reading(self, patient: str, panel: Mapping[str, float | str], at: datetime) -> Reading:
        self._count += 1
        return Reading(
            reading_id=f"{patient}-{self._count}",
            patient_id=patient,
            device_id=f"d-{patient}",
            device_type=self.device_type,
            effective_at=at,
            measurements=[Measurement(code=code, value=value, unit=_UNITS.get(code)) for code, value in panel.items()],
        )

    def _publish(self, *records: Reading | PatientContext | Tick) -> None:
        """Publishes by a producer of its own: one that is kept would outlive a broker that a test kills."""
        client = Connection(bootstrap_servers=self.broker).for_kafka_python()
        with closing(KafkaProducer(**client, acks="all", linger_ms=5)) as producer:
            for record in records:
                key = None if isinstance(record, Tick) else record.patient_id
                for place in range(PARTITIONS) if key is None else [partition_of(key, PARTITIONS)]:
                    topic = f"{self.prefix}.patient-events"
                    producer.send(topic, codec.encode(record), None if key is None else key.encode(), partition=place)
            producer.flush(30)


class Server:
    """The server of the ward page, always at one address, killed and started as a test needs it."""

    def __init__(self, broker: str, prefix: str, **environment: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._command = ["ward", "--broker", broker, "--prefix", prefix, "--port", str(self.port)]
        self._environment = environment
        self._running: Any = None
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it and waits until what it shows is of now."""
        self._running = running(*self._command, **self._environment)
        self._process = self._running.__enter__()
        until(lambda: self.health() == requests.codes.ok, "the server of the page")

    def kill(self) -> None:
        """Kills it as nothing can be caught."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(30)

    @contextmanager
    def gone(self) -> Iterator[None]:
        """Kills it, and starts it again."""
        self.kill()
        try:
            yield
        finally:
            self.start()

    def health(self) -> int:
        """The status of its health; 0 while nobody answers."""
        try:
            return requests.get(f"{self.url}/healthz", timeout=5).status_code
        except requests.ConnectionError:
            return 0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._running.__exit__(kind, error, at)
