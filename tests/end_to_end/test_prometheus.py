"""A real Prometheus scrapes a real worker and finds every metric that the worker promises."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

from kafka import KafkaProducer

from models.partitioning import partition_of
from streams.metrics import Metrics
from streams.settings import Connection
from streams.topics import PARTITIONS, create_topics
from tests.waiting import until
from vigil.broker.ports import free_port

PREFIX = "replay-prometheus"
PATIENT = "p1"
START = datetime(2026, 11, 21, 3, tzinfo=UTC)
EXAMPLES = (Path(__file__).parents[2] / "docs/example.jsonl").read_text(encoding="utf-8").splitlines()
MODEL = next(json.loads(line) for line in EXAMPLES if '"ModelPublished"' in line)
VERSION = MODEL["version"]


def test_prometheus_finds_every_metric_of_a_worker(
    broker: str, tmp_path: Path, requires_program: Callable[[str], str]
) -> None:
    prometheus = requires_program("prometheus")
    port, own_port = free_port(), free_port()
    create_topics(Connection(bootstrap_servers=broker).for_kafka_python(), PREFIX)
    config = tmp_path / "prometheus.yml"
    target = f"static_configs: [{{targets: ['127.0.0.1:{port}']}}]"
    config.write_text(f"scrape_configs: [{{job_name: vigil, scrape_interval: 1s, {target}}}]")
    worker = [sys.executable, "-m", "vigil", "worker", "--broker", broker, "--prefix", PREFIX]
    scraper = [prometheus, f"--config.file={config}", f"--storage.tsdb.path={tmp_path / 'data'}"]

    with (
        running([*worker, "--metrics-port", str(port)], tmp_path / "worker.log"),
        running([*scraper, f"--web.listen-address=127.0.0.1:{own_port}"], tmp_path / "prometheus.log"),
    ):
        publish(broker)
        ask = Ask(own_port)
        for name in promised():
            until(lambda name=name: ask(f"count({name})") is not None, name)
        until(lambda: ask("sum(vigil_records_processed_total)") == len(list(story())), "all processed")
        seen = {query: ask(query) for query in expected()}

    assert seen == expected()


def expected() -> dict[str, float]:
    """What the story below must have done to the metrics."""
    return {
        "vigil_readings_processed_total": 3,
        'vigil_dead_letters_total{reason="undecodable"}': 1,
        'vigil_refused_measurements_total{reason="sentinel"}': 1,
        'vigil_gateway_readings_total{device_type="monitor",gateway="g1"}': 2,
        'vigil_gateway_readings_total{device_type="monitor",gateway="unknown"}': 1,
        'vigil_gateway_refused_measurements_total{gateway="g1",reason="sentinel"}': 1,
        'vigil_gateway_dead_letters_total{gateway="g1"}': 1,
        'vigil_gateway_reading_age_seconds_count{gateway="g1"}': 2,
        'vigil_gateway_heartbeat_age_seconds{gateway="g1"}': 5,
        'vigil_alerts_total{kind="news2",priority="medium",ward="unknown"}': 1,
        'vigil_open_alerts{kind="news2",priority="medium",ward="unknown"}': 1,
        'vigil_patients_monitored{ward="unknown"}': 1,
        'vigil_patients_never_scored{ward="unknown"}': 0,
        'sum(vigil_patients_without_risk{ward="unknown"})': 0,
        "vigil_partitions_restored": PARTITIONS,
        'vigil_examples_dropped{reason="left"}': 1,
        "min(vigil_model_version)": VERSION,
        "sum(vigil_lag_records)": 0,
        "vigil_end_to_end_latency_seconds_count": len(list(story())),
    }


def promised() -> list[str]:
    """The names of all metrics, as they are scraped: counters end in _total, a histogram is told by its count."""
    suffix = {"counter": "_total", "histogram": "_count"}
    metrics = Metrics()
    metrics.serve(list)
    return [metric.name + suffix.get(metric.type, "") for metric in metrics.registry.collect()]


def story() -> Iterator[tuple[int, bytes | None, bytes]]:
    """One patient whose NEWS2 becomes medium, with a sentinel and a record that nobody can read; one who goes home.

    What is measured of the first comes through a gateway, and so does a reading of a day to come; what is measured of
    the second comes through a phone, of which nothing else was heard.
    """
    yield from to_all({"type": "Tick", "at": moment(0)})
    yield from to_all({"type": "GatewayHeartbeat", "gateway_id": "g1", "at": moment(0)})
    yield from to_all(MODEL)
    yield of(PATIENT, reading("r1", PATIENT, 1, [("9279-1", 26, "/min"), ("8867-4", -999, "/min")]))
    yield of(PATIENT, b"garbage")
    yield of(PATIENT, reading("r2", PATIENT, 2, [("59408-5", 93, "%")]))
    yield of(PATIENT, reading("of-tomorrow", PATIENT, 90_000, [("8867-4", 72, "/min")]))
    yield of("p2", reading("r3", "p2", 3, [("8867-4", 72, "/min")], gateway_id="phone-of-p2"))
    yield of("p2", json.dumps({"type": "Outcome", "patient_id": "p2", "at": moment(4), "kind": "discharge"}).encode())
    yield from to_all({"type": "Tick", "at": moment(5)})


def of(patient_id: str, value: bytes) -> tuple[int, bytes, bytes]:
    return partition_of(patient_id, PARTITIONS), patient_id.encode(), value


def to_all(record: dict[str, Any]) -> Iterator[tuple[int, None, bytes]]:
    yield from ((partition, None, json.dumps(record).encode()) for partition in range(PARTITIONS))


def reading(
    reading_id: str, patient_id: str, second: int, measured: list[tuple[str, float, str]], gateway_id: str = "g1"
) -> bytes:
    measurements = [{"code": code, "value": value, "unit": unit} for code, value, unit in measured]
    record: dict[str, Any] = {"type": "Reading", "reading_id": reading_id, "patient_id": patient_id, "device_id": "d1"}
    record |= {"device_type": "monitor", "gateway_id": gateway_id}
    return json.dumps(record | {"effective_at": moment(second), "measurements": measurements}).encode()


def moment(second: int) -> str:
    return (START + timedelta(seconds=second)).isoformat()


def publish(broker: str) -> None:
    with closing(KafkaProducer(**Connection(bootstrap_servers=broker).for_kafka_python(), acks="all")) as producer:
        for partition, key, value in story():
            producer.send(f"{PREFIX}.patient-events", value, key=key, partition=partition)
        producer.flush()


class Ask:
    """Instant queries to a Prometheus on loopback."""

    def __init__(self, port: int) -> None:
        self._address = f"http://127.0.0.1:{port}/api/v1/query"

    def __call__(self, query: str) -> float | None:
        """The one value that a query gives; nothing while there is none, or nobody answers."""
        try:
            with urlopen(f"{self._address}?{urlencode({'query': query})}", timeout=5) as answer:
                result = json.load(answer)["data"]["result"]
        except OSError:
            return None
        return float(result[0]["value"][1]) if result else None


@contextmanager
def running(command: list[str], log: Path) -> Iterator[None]:
    """A process that ends with the test."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
        try:
            yield
        finally:
            process.terminate()
            process.wait(30)
