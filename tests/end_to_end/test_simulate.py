"""`vigil simulate`, from the command line through a real Kafka and a real worker."""

import json
import signal
import subprocess
import sys
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from models import codec
from models.events import Reading, Tick
from models.partitioning import partition_of
from streams.settings import Connection
from tests.waiting import until
from vigil.log_reader import read_topics
from vigil.run import running

COMMAND = (sys.executable, "-m", "vigil", "simulate")
START = ("--start", "2026-01-01T00:00:00Z")


def simulate(*arguments: str | int) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *map(str, arguments)], capture_output=True, text=True, check=False)


def new_prefix() -> str:
    return f"simulated-{uuid.uuid4().hex}"


def read(broker: str, topic: str) -> list[Any]:
    client: dict[str, Any] = Connection(bootstrap_servers=broker).for_aiokafka()
    return [record for batch in read_topics(client, [topic]) for record in batch]


def test_the_log_holds_what_a_file_would_and_a_used_one_is_refused(broker: str, tmp_path: Any) -> None:
    prefix, file = new_prefix(), tmp_path / "events.jsonl"
    ward = ["--patients", 4, "--scenario", "duplicate-delivery", "--hours", 0.3, *START]
    to_kafka = [*ward, "--speed", "max", "--prefix", prefix, "--broker", broker, "--json"]

    done, again, fresh = simulate(*to_kafka), simulate(*to_kafka), simulate(*to_kafka, "--fresh")
    simulate(*ward, "--out", file)

    assert (done.returncode, done.stderr) == (0, "")
    report, found = json.loads(done.stdout), read(broker, f"{prefix}.patient-events")
    ticks = [record for record in found if isinstance(codec.decode(record.value), Tick)]
    assert (report["published"], report["ticks"]) == (len(found) - len(ticks), len(ticks))
    assert {record.value for record in found} == set(file.read_bytes().splitlines())
    assert all(record.partition == partition_of(record.key.decode(), 8) for record in found if record.key)
    assert (again.returncode, again.stdout, again.stderr.count("\n")) == (1, "", 1)
    assert "--fresh" in again.stderr
    assert json.loads(fresh.stdout) == report


def test_a_worker_alerts_on_a_simulated_patient(broker: str) -> None:
    prefix = new_prefix()
    with running(prefix, broker=broker, folder=None, workers=1, fresh=False):
        done = simulate(
            *("--patients", 2, "--scenario", "tachyarrhythmia@p2", "--hours", 0.5, "--speed", "max"),
            *("--prefix", prefix, "--broker", broker, "--json"),
        )
        assert done.returncode == 0, done.stderr

        def notified() -> list[dict[str, Any]]:
            alerts = [json.loads(record.value) for record in read(broker, f"{prefix}.alerts")]
            return [alert for alert in alerts if alert["notify"] and alert["priority"] != "low"]

        until(lambda: bool(notified()))
        first = notified()[0]

    [truth] = json.loads(done.stdout)["scenarios"]
    assert (first["patient_id"], first["origin"], first["category"]) == ("p2", "simulated", "physiological")
    assert timedelta() < moment(first["at"]) - moment(truth["onset"]) < timedelta(minutes=3)


def test_in_real_time_it_stamps_with_the_wall_clock_and_ctrl_c_ends_it_with_its_counts(broker: str) -> None:
    prefix = new_prefix()
    command = [*COMMAND, "--patients", "3", "--prefix", prefix, "--broker", broker, "--json"]
    began = datetime.now(UTC)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as simulation:
        until(lambda: len(measured(broker, prefix)) >= 3, process=simulation)
        simulation.send_signal(signal.SIGINT)
        stdout, stderr = simulation.communicate(timeout=60)

    assert (simulation.returncode, stderr) == (0, b"")
    report, readings = json.loads(stdout), measured(broker, prefix)
    assert not report["stopped_early"]
    assert report["readings"] == len(readings)
    assert began <= min(reading.effective_at for reading in readings)
    assert max(reading.effective_at for reading in readings) <= datetime.now(UTC)


def test_a_run_with_an_end_that_is_stopped_early_says_so(broker: str) -> None:
    prefix = new_prefix()
    command = [*COMMAND, "--patients", "1", "--hours", "5", "--prefix", prefix, "--broker", broker]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as simulation:
        until(lambda: bool(read(broker, f"{prefix}.patient-events")), process=simulation)
        simulation.send_signal(signal.SIGTERM)
        stdout, _ = simulation.communicate(timeout=60)

    assert simulation.returncode == 130
    assert stdout.startswith("stopped early")


def measured(broker: str, prefix: str) -> list[Reading]:
    """The readings on the log, once there is one."""
    records = [codec.decode(record.value) for record in read(broker, f"{prefix}.patient-events")]
    return [record for record in records if isinstance(record, Reading)]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
