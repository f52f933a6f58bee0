"""Deliverers as processes, on a real Kafka and with real HTTP: none lost over a kill, none doubled between two."""

import json
import os
import signal
import socket
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient

from models import codec
from models.events import Alert
from models.partitioning import partition_of
from streams.settings import Connection
from streams.topics import PARTITIONS, create_topics, topic_name
from tests.an_alert import an_alert
from tests.consumers.delivery.receiving import SECRET, Receiving, receiving_aside
from tests.waiting import until
from vigil.broker.ports import free_port
from vigil.log_reader import read_topics

QUICK = """
timeout_seconds = 0.3
concurrency = 8
rate_per_minute = 60000
burst = 1000
retry_seconds = 0.05
retry_most_seconds = 0.1
"""

# So often that a kill falls behind a commit.
OFTEN = {"VIGIL_DELIVERY_COMMIT_SECONDS": "0.05"}


class Site:
    """Topics of their own, a file of routes, and the alerts and deliveries on them."""

    def __init__(self, broker: str, folder: Path) -> None:
        self.broker, self.folder = broker, folder
        self.prefix = f"live-{uuid.uuid4().hex[:8]}"
        self.connection = Connection(bootstrap_servers=broker)
        create_topics(self.connection.for_kafka_python(), self.prefix)

    def configure(self, url: str, more: str = "") -> None:
        receiver = f'[[receivers]]\nname = "hub"\nkind = "webhook"\nurl = "{url}"\nsecret = "{SECRET}"\n'
        routes = '[[routes]]\nname = "all"\nreceivers = ["hub"]\npatience_seconds = 1\n'
        (self.folder / "delivery.toml").write_text(receiver + QUICK + routes + more)

    def publish(self, *alerts: Alert) -> None:
        producer = KafkaProducer(**self.connection.for_kafka_python(), acks="all")
        topic = topic_name(self.prefix, "alerts")
        for alert in alerts:
            place = partition_of(alert.subject, PARTITIONS)
            producer.send(topic, codec.encode(alert), alert.subject.encode(), partition=place)
        producer.flush()
        producer.close()

    def told(self, name: str) -> list[dict[str, Any]]:
        """All that stands on a topic."""
        batches = read_topics(
            self.connection.for_aiokafka(),
            [topic_name(self.prefix, name)],
            in_order=True,
            partitions=range(PARTITIONS),
        )
        return [json.loads(record.value) for records in batches for record in records]

    def delivered(self) -> list[str]:
        """The alerts that the ledger has as delivered, each as often as it says so."""
        return [each["alert_id"] for each in self.told("deliveries") if each["result"] == "delivered"]

    @contextmanager
    def deliverer(self, name: str = "one", instance: str | None = None) -> Iterator["Process"]:
        process = Process(self, name, instance)
        try:
            yield process
        finally:
            process.popen.kill()
            process.popen.wait()


class Process:
    """One `vigil deliver`."""

    def __init__(self, site: Site, name: str, instance: str | None) -> None:
        self.port = free_port()
        self.log = site.folder / f"{name}.log"
        command = [
            *(sys.executable, "-m", "vigil", "deliver", "--config", str(site.folder / "delivery.toml")),
            *("--broker", site.broker, "--prefix", site.prefix, "--metrics-port", str(self.port)),
            *(["--instance-id", instance] if instance else []),
        ]
        with self.log.open("ab") as log:
            self.popen = subprocess.Popen(command, stdout=log, stderr=log, env=os.environ | OFTEN)

    def is_ready(self) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def metric(self, name: str) -> float:
        with urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=5) as answer:
            lines = answer.read().decode().splitlines()
        return next(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(f"{name} "))

    def kill(self) -> None:
        self.popen.kill()
        self.popen.wait()

    def stop(self) -> int:
        self.popen.send_signal(signal.SIGTERM)
        return self.popen.wait(20)


@pytest.fixture
def site(broker: str, tmp_path: Path) -> Site:
    return Site(broker, tmp_path)


def alert(number: int, **changes: Any) -> Alert:
    now = datetime.now(UTC)
    fields: dict[str, Any] = {
        "alert_id": f"a{number}",
        "patient_id": f"p{number}",
        "at": now,
        "since": now,
        "bed": str(number),
    }
    return an_alert(**(fields | changes))


def taken(program: Receiving) -> Counter[str]:
    """How often the receiver took each alert."""
    return Counter(each["alert_id"] for _, payload in list(program.taken) for each in payload["data"]["alerts"])


def test_no_alert_is_lost_over_kills_with_a_receiver_that_fails_and_times_out(site: Site) -> None:
    number = 100
    with receiving_aside(failing=0.3, hanging=0.1) as program:
        site.configure(program.url)
        site.publish(*map(alert, range(number)))
        for least in (number // 4, number // 2):
            with site.deliverer(instance="one") as process:
                until(lambda least=least: len(taken(program)) >= least, "some are delivered")  # type: ignore[misc]
                process.kill()
        with site.deliverer(instance="one") as process:
            until(lambda: len(taken(program)) == number, "all are delivered")
            until(lambda: len(set(site.delivered())) == number, "the ledger has all")
            assert process.stop() == 0
        calls = list(program.calls)

    keys: dict[str, set[str]] = {}
    for key, payload in calls:
        keys.setdefault(payload["data"]["alerts"][0]["alert_id"], set()).add(key)
    assert taken(program).keys() == {f"a{each}" for each in range(number)}
    assert {len(found) for found in keys.values()} == {1}
    assert "Heart rate" not in json.dumps(calls)


def test_two_share_the_work_without_doubling_and_one_takes_over_when_the_other_stops(site: Site) -> None:
    with receiving_aside() as program, ExitStack() as stack:
        site.configure(program.url)
        first, second = (stack.enter_context(site.deliverer(name)) for name in ("one", "two"))
        until(lambda: first.is_ready() and second.is_ready(), "both are ready")
        until(lambda: shares(site) == [4, 4], "each has half of the partitions")
        until(lambda: first.is_ready() and second.is_ready(), "both have restored their half")
        site.publish(*map(alert, range(60)))
        until(lambda: len(taken(program)) >= 60, "all are delivered")
        both = [
            process.metric('vigil_deliveries_total{receiver="hub",result="delivered"}') for process in (first, second)
        ]
        assert min(both) > 0

        assert second.stop() == 0
        site.publish(*map(alert, range(60, 100)))
        until(lambda: len(taken(program)) >= 100, "the other one has delivered the rest")
        assert first.stop() == 0

    assert sorted(site.delivered()) == sorted(f"a{each}" for each in range(100))

    assert taken(program) == Counter({f"a{each}": 1 for each in range(100)})


def test_after_an_outage_only_what_is_still_open_is_sent_with_its_age(site: Site) -> None:
    ago = datetime.now(UTC) - timedelta(minutes=14, seconds=30)
    over, answered, open_, practice = (alert(number, at=ago) for number in range(4))
    site.publish(over, answered, open_, alert(3, origin="simulated", at=ago))
    site.publish(
        alert(0, revision=3, state="closed", notify=False), alert(1, revision=3, state="acknowledged", notify=False)
    )
    with receiving_aside(answers=[503] * 20) as program:
        site.configure(program.url)
        with site.deliverer() as process:
            until(lambda: "unreached" in results(site) and "reached" in results(site), "both are reported")
            until(lambda: site.delivered() == [open_.alert_id], "the ledger has it")
            assert process.metric('vigil_undelivered_alerts{priority="medium"}') == 0
            assert process.stop() == 0
        assert taken(program) == {open_.alert_id: 1}
        text = program.taken[0][1]["data"]["text"]

    assert "heart rate too high, A1 bed 2, raised 1" in text
    assert practice.alert_id not in text
    reports = [each for each in site.told("patient-events") if each["type"] == "DeliveryReport"]
    assert [(each["alert_id"], each["delivered"], each["receivers"]) for each in reports] == [
        (open_.alert_id, False, ["hub"]),
        (open_.alert_id, True, ["hub"]),
    ]
    assert reports[0]["detail"] == "hub: status 503"


def test_a_stop_does_not_wait_for_a_receiver_that_hangs(site: Site) -> None:
    with receiving_aside(hanging=1) as program:
        site.configure(program.url)
        config = site.folder / "delivery.toml"
        config.write_text(config.read_text().replace("timeout_seconds = 0.3", "timeout_seconds = 600"))
        site.publish(alert(0, priority="high"))
        with site.deliverer() as process:
            until(lambda: bool(program.calls), "it is called")
            assert process.stop() == 0


def shares(site: Site) -> list[int]:
    """How many partitions each member of the group has, once it is settled."""
    with closing(KafkaAdminClient(**site.connection.for_kafka_python())) as admin:
        [found] = admin.describe_groups([f"vigil-{site.prefix}-delivery"]).values()
    if found["group_state"] != "Stable":
        return []
    return sorted(
        sum(len(topic["partitions"]) for topic in member["member_assignment"]["assigned_partitions"])
        for member in found["members"]
    )


def results(site: Site) -> set[str]:
    return {each["result"] for each in site.told("deliveries")}


def test_a_taken_port_is_told_in_one_line(site: Site) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        site.configure("http://127.0.0.1:9/")
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "vigil", "deliver", "--config", str(site.folder / "delivery.toml")]
        command += ["--broker", site.broker, "--prefix", site.prefix, "--metrics-port", str(port)]

        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=os.environ | OFTEN)

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1), done.stderr
    assert f"can't be served at 127.0.0.1:{port}" in done.stderr
