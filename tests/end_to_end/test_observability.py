"""Every query of the dashboards and of the rules finds data in a Prometheus that asked all who serve metrics."""

import json
import math
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from models import codec
from models.events import Example
from producers.entry import Entry
from producers.feed import Feed
from streams.settings import Connection
from streams.topics import PARTITIONS, create_topics
from tests.waiting import until
from vigil.broker.ports import free_port
from vigil.log_reader import read_topics
from vigil.recording import open_recording

ROOT = Path(__file__).parents[2]
DEPLOYED = ROOT / "deploy/prometheus"
DELIVERED = ROOT / "deploy/delivery/simulated.toml"
DASHBOARDS = [
    json.loads(file.read_text(encoding="utf-8")) for file in sorted((ROOT / "deploy/grafana/dashboards").glob("*.json"))
]
PREFIX = "replay-observability"
STAYS = 4
EXAMPLES = 1000
"""So many make the learner publish, its quality known, and how far patients and forecasts have shifted since."""
# What Grafana puts in where a person chooses, and for a window of some scrapes; a nought that stands in is no data.
FILLED_IN = dict.fromkeys(("$ward", "$instance", "$gateway"), ".*")
FILLED_IN |= {"$__rate_interval": "1m", "$__range": "1h", " or vector(0)": ""}
# What takes minutes and days where Vigil is deployed: here a minute is a second, and any part of a patient-day will do.
QUICK = {"interval: 1m": "interval: 1s", "[1d:1m]": "[1d:5s]", "sum1d >= 1": "sum1d > 0", "}) >= 1)": "}) > 0)"}
_COMPARISON = re.compile(r" *(?:==|!=|>=|<=|<|>) *[0-9.]+")
PANELS = [panel for dashboard in DASHBOARDS for panel in dashboard["panels"]]
QUERIES = sorted({target["expr"] for panel in PANELS for target in panel.get("targets", [])})
VARIABLES = {
    variable["name"]: variable["query"]["query"]
    for dashboard in DASHBOARDS
    for variable in dashboard["templating"]["list"]
}
HEARD, SILENT = "gateway-1", "gateway-2"

Ask = Callable[..., Any]


@pytest.fixture(scope="module")
def ask(broker: str, tmp_path_factory: pytest.TempPathFactory, requires_program: Callable[[str], str]) -> Iterator[Ask]:
    """Asks Prometheus of the deployed configuration, once a worker folded stays and worse, and a learner learned."""
    folder = tmp_path_factory.mktemp("observability")
    port, learner_port, deliverer_port, own_port = free_port(), free_port(), free_port(), free_port()
    connection = Connection(bootstrap_servers=broker).for_kafka_python()
    create_topics(connection, PREFIX)
    worker = [sys.executable, "-m", "vigil", "worker", "--broker", broker, "--prefix", PREFIX]
    learner = [sys.executable, "-m", "vigil", "learner", "--broker", broker, "--prefix", PREFIX]
    routes = folder / "delivery.toml"
    routes.write_text(DELIVERED.read_text(encoding="utf-8").replace('"simulated"', '"replay"'), encoding="utf-8")
    deliverer = [sys.executable, "-m", "vigil", "deliver", "--broker", broker, "--prefix", PREFIX]
    deliverer += ["--config", str(routes)]
    scraper = [
        requires_program("prometheus"),
        f"--config.file={configuration(folder, port, learner_port, deliverer_port)}",
    ]
    scraper += [f"--storage.tsdb.path={folder / 'data'}", f"--web.listen-address=127.0.0.1:{own_port}"]

    def answer(path: str, **parameters: str) -> Any:
        with urlopen(f"http://127.0.0.1:{own_port}/api/v1/{path}?{urlencode(parameters)}", timeout=10) as found:
            return json.load(found)["data"]

    with (
        running([*worker, "--metrics-port", str(port)], folder / "worker.log"),
        running([*deliverer, "--metrics-port", str(deliverer_port)], folder / "deliverer.log"),
        running(scraper, folder / "prometheus.log"),
    ):
        until(lambda: value(answer, "sum(vigil_partitions_restored)") == PARTITIONS, "every partition was restored")
        entries = records()
        admission, rest = entries[: len(entries) // 4], entries[len(entries) // 4 :]
        admitted = publish(connection, [*admission, *heartbeats(SILENT, admission[-1].at)])
        until(lambda: value(answer, "count(vigil_alerts_total)") is not None, "the wards were known")
        refused_of = f'count(vigil_gateway_refused_measurements_total{{gateway="{SILENT}"}})'
        until(lambda: value(answer, refused_of) is not None, "what is refused of a gateway was counted from nought")
        published = admitted + publish(connection, rest)
        until(lambda: value(answer, "sum(vigil_records_processed_total)") == published, "all was processed")
        publish(connection, answers(broker))
        publish_examples(connection)
        with running([*learner, "--metrics-port", str(learner_port)], folder / "learner.log"):
            until(lambda: (value(answer, "vigil_learner_examples_total") or 0) >= EXAMPLES, "all was learned")
            yield answer


def configuration(folder: Path, port: int, learner_port: int, deliverer_port: int) -> Path:
    """The deployed configuration, which asks the one worker, learner and deliverer there are, and every second."""
    text = (DEPLOYED / "prometheus.yml").read_text(encoding="utf-8")
    for deployed, here in {
        '["worker-1:9180", "worker-2:9180"]': f'["127.0.0.1:{port}"]',
        '["learner:9180"]': f'["127.0.0.1:{learner_port}"]',
        '["deliverer:9180"]': f'["127.0.0.1:{deliverer_port}"]',
        "interval: 5s": "interval: 1s",
        "rules/*.yml": str(quick_rules(folder) / "*.yml"),
    }.items():
        assert deployed in text
        text = text.replace(deployed, here)
    file = folder / "prometheus.yml"
    file.write_text(text, encoding="utf-8")
    return file


def quick_rules(folder: Path) -> Path:
    """The deployed rules, but that none takes minutes."""
    rules = folder / "rules"
    rules.mkdir()
    for deployed in (DEPLOYED / "rules").glob("*.yml"):
        text = deployed.read_text(encoding="utf-8")
        for slow, quick in QUICK.items():
            text = text.replace(slow, quick)
        (rules / deployed.name).write_text(text, encoding="utf-8")
    return rules


def publish(connection: dict[str, Any], entries: list[Entry]) -> int:
    """How many records were published, ticks included."""
    with Feed(f"{PREFIX}.patient-events", connection) as feed:
        for entry in entries:
            assert feed.publish(entry)
    return feed.published + feed.ticks


def publish_examples(connection: dict[str, Any]) -> None:
    """Enough to learn from: a fast heart is bad."""
    pick = random.Random(1)
    with Feed(f"{PREFIX}.examples", connection) as feed:
        for hour in range(EXAMPLES):
            assert feed.publish(Entry(example(hour, pick.gauss(0, 1)), f"example {hour}", partition=0))


def example(hour: int, high: float) -> bytes:
    """One hour of which it is known what came."""
    at, label = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hour), high > 0.5
    features = {"heart_rate.high": round(high, 3)}
    reason = "news2" if label else "nothing"
    return codec.encode(
        Example(
            patient_id="p", at=at, known_at=at + timedelta(hours=6), label=label, reason=reason,
            known_points=2, features=features, origin="replay",
        )
    )  # fmt: skip


def records() -> list[Entry]:
    """The first half of some recorded stays, so that nobody has left yet, and what can't be used or believed."""
    entries = list(open_recording("sample", None, None, STAYS).entries(PARTITIONS, Counter()))
    first_half = entries[: len(entries) // 2]
    reading = next(entry for entry in reversed(first_half) if entry.reading_id is not None)
    garbage = Entry(b"garbage", "garbage", key=reading.key)
    refused = json.loads(reading.value)
    refused |= {"reading_id": "sentinel", "gateway_id": SILENT, "device_type": "monitor"}
    refused["measurements"] = [{"code": "8867-4", "value": -999, "unit": "/min"}]
    sentinel = Entry(json.dumps(refused).encode(), "sentinel", key=reading.key)
    end = first_half[-1].at
    return [*first_half, *heartbeats(HEARD, end), garbage, sentinel, *one_who_leaves(end), *a_model()]


def heartbeats(gateway_id: str, when: datetime | None) -> list[Entry]:
    """One sign of life of a gateway, told to every partition."""
    assert when is not None
    told = json.dumps({"type": "GatewayHeartbeat", "gateway_id": gateway_id, "at": when.isoformat()}).encode()
    return [Entry(told, "heartbeat", partition=partition) for partition in range(PARTITIONS)]


def answers(broker: str) -> list[Entry]:
    """Somebody acknowledges an alert that stands, and says that it was worth it."""
    client: dict[str, Any] = Connection(bootstrap_servers=broker).for_aiokafka()
    told = [record for records in read_topics(client, [f"{PREFIX}.alerts"]) for record in records]
    newest = {alert["alert_id"]: alert for alert in (json.loads(record.value or b"") for record in told)}
    of_patients = [alert for alert in newest.values() if alert["patient_id"] is not None]
    standing = [each for each in of_patients if each["state"] == "active" and each["inhibited_by"] is None]
    alert = min(standing, key=lambda each: each["priority"] == "high")  # A high one may be what a rule is to find.
    said = {name: alert[name] for name in ("patient_id", "alert_id", "at")} | {"by": "nurse"}
    seen = {"type": "Acknowledgement", "revision": alert["revision"], **said}
    judged = {"type": "Feedback", "usefulness": "actionable", **said}
    return [Entry(json.dumps(each).encode(), each["type"], alert["patient_id"].encode()) for each in (seen, judged)]


def one_who_leaves(when: datetime | None) -> list[Entry]:
    """A patient who is measured and goes home, so that an example gets no label."""
    assert when is not None
    at = when.isoformat()
    patient = {"patient_id": "left", "origin": "replay"}
    measured = {"type": "Reading", "reading_id": "left-1", "device_id": "hand", "effective_at": at}
    measured["measurements"] = [{"code": "8867-4", "value": 72, "unit": "/min"}]
    left = {"type": "Outcome", "at": at, "kind": "discharge"}
    return [Entry(json.dumps(patient | record).encode(), "left", key=b"left") for record in (measured, left)]


def a_model() -> list[Entry]:
    """A published version, told to every partition."""
    lines = (ROOT / "docs/example.jsonl").read_bytes().splitlines()
    model = next(line for line in lines if b'"ModelPublished"' in line)
    return [Entry(model, "model", partition=partition) for partition in range(PARTITIONS)]


# --- The queries ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_of_the_dashboards_finds_data(query: str, ask: Ask) -> None:
    for placeholder, filled_in in (FILLED_IN | QUICK).items():
        query = query.replace(placeholder, filled_in)

    finds(ask, query)


def test_wards_processes_and_gateways_can_be_chosen_from(ask: Ask) -> None:
    choices = {}
    for name, query in VARIABLES.items():
        metric, label = re.fullmatch(r"label_values\((\w+), (\w+)\)", query).groups()
        choices[name] = {series["metric"][label] for series in ask("query", query=metric)["result"]}

    assert choices["ward"]
    assert choices["ward"] <= {"CCU", "CSRU", "MICU", "SICU"}
    assert len(choices["instance"]) == 3
    assert {SILENT, "unknown"} <= choices["gateway"]


def test_every_rule_that_records_finds_data(ask: Ask) -> None:
    rules = [rule for group in ask("rules")["groups"] for rule in group["rules"] if rule["type"] == "recording"]

    assert len(rules) == 28
    for rule in rules:
        assert rule["health"] == "ok", rule
        finds(ask, rule["name"])


def test_every_rule_that_alerts_is_loaded_and_would_find_data_whatever_the_threshold(ask: Ask) -> None:
    rules = [rule for group in ask("rules")["groups"] for rule in group["rules"] if rule["type"] == "alerting"]

    assert len(rules) == 17
    for rule in rules:
        assert rule["health"] == "ok", rule
        without = _COMPARISON.sub("", rule["query"])
        assert without != rule["query"]
        finds(ask, without.replace(" or vector(0)", ""))


def test_what_fires_says_so_in_words(ask: Ask) -> None:
    fired: dict[str, dict[str, str]] = {}

    def has_fired() -> bool:
        fired.update({alert["labels"]["alertname"]: alert["annotations"] for alert in ask("alerts")["alerts"]})
        return {"VigilDeadLetters", "VigilHighAlertUnanswered"} <= fired.keys()

    until(has_fired, "both rules fired", seconds=15)
    assert "Records can't be used: undecodable." in fired["VigilDeadLetters"]["summary"]
    for annotations in fired.values():
        assert "error expanding" not in " ".join(annotations.values())


def test_no_patient_and_no_device_is_a_label(ask: Ask) -> None:
    labels = {label for series in ask("series", **{"match[]": '{__name__=~"vigil_.+"}'}) for label in series}

    assert labels == {
        "__name__",
        "detector",
        "device_type",
        "gateway",
        "instance",
        "job",
        "kind",
        "le",
        "model",
        "origin",
        "partition",
        "priority",
        "reason",
        "receiver",
        "result",
        "sign",
        "usefulness",
        "topic",
        "ward",
    }


def finds(ask: Ask, query: str) -> None:
    until(lambda: any(not math.isnan(found) for found in values(ask, query)), query, seconds=15)


# --- Asking -----------------------------------------------------------------------------------------------------------


def values(ask: Ask, query: str) -> list[float]:
    return [float(series["value"][1]) for series in ask("query", query=query)["result"]]


def value(ask: Ask, query: str) -> float | None:
    """The first value of a query; none while there is none, or nobody answers."""
    try:
        return next(iter(values(ask, query)), None)
    except OSError:
        return None


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
