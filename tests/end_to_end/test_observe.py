"""`vigil observe`, from what a person types to the assessment that a worker gives."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from streams.settings import Connection
from streams.topics import create_topics
from vigil.log_reader import read_topics

PREFIX = "live-observe"
WHO = ("--by", "nurse Joy")


@pytest.fixture(scope="module")
def kafka(broker: str) -> Iterator[str]:
    """The broker, with a worker on topics of this module."""
    create_topics(Connection(bootstrap_servers=broker).for_kafka_python(), PREFIX)
    command = [sys.executable, "-m", "vigil", "worker", "--broker", broker, "--prefix", PREFIX, "--metrics-port", "0"]
    worker = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        done = observe(broker, "--patient", "first", *WHO, "--pulse", "80", "--wait", "60")
        assert done.returncode == 0, done.stderr
        yield broker
    finally:
        worker.terminate()
        worker.wait(30)


def observe(
    kafka: str, *arguments: str, prefix: str = PREFIX, stdin: int = subprocess.DEVNULL
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "vigil", "observe", "--broker", kafka, "--prefix", prefix, *arguments]
    return subprocess.run(command, stdin=stdin, capture_output=True, text=True, check=False)


def readings(kafka: str, prefix: str, patient: str) -> list[dict[str, Any]]:
    """The readings of a patient that stand on the log."""
    client: dict[str, Any] = Connection(bootstrap_servers=kafka).for_aiokafka()
    log = [record for records in read_topics(client, [f"{prefix}.patient-events"]) for record in records]
    return [json.loads(record.value or b"") for record in log if record.key == patient.encode()]


def test_what_a_person_measured_is_one_manual_reading_and_is_assessed(kafka: str) -> None:
    values = ("--respiratory-rate", "18", "--pulse", "88", "--spo2", "95", "--air", "--acvpu", "A")

    done = observe(kafka, "--patient", "p1", *WHO, "--temperature", "38.2", "--pressure", "105/60", *values, "--json")

    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert told["assessment"]["reading_id"] == told["reading"]["reading_id"]
    score = told["assessment"]["news2"]
    assert (score["known_points"], score["completeness"], score["level"]) == (3, "7/7", "low")
    [reading] = readings(kafka, PREFIX, "p1")
    assert reading == told["reading"]
    assert (reading["device_id"], reading["device_type"]) == ("hand-nurse-joy", "manual")


def test_a_person_is_told_what_was_published_and_what_is_missing(kafka: str) -> None:
    done = observe(kafka, "--patient", "p2", *WHO, "--glucose", "5.4mmol/L", "--respiratory-rate", "26")

    assert done.returncode == 0
    assert "respiratory rate 26 /min\n  glucose 97.3 mg/dL (from 5.4 mmol/L)\n" in done.stdout
    assert "NEWS2 3, could be up to 20: low-medium (1/7)\n" in done.stdout
    assert "missing: oxygen saturation, supplemental oxygen, systolic blood pressure, heart rate" in done.stdout
    assert "beside it: MEWS 2-13, qSOFA 1-3, SIRS by vitals 1-3\n" in done.stdout


def test_what_comes_too_late_is_told_to_be_parked(kafka: str) -> None:
    before = (datetime.now(UTC) - timedelta(days=3)).isoformat()

    done = observe(kafka, "--patient", "p3", *WHO, "--pulse", "80", "--at", before, "--json")

    assert done.returncode == 1
    assert json.loads(done.stdout)["dead_letter"]["reason"] == "too-late"
    assert "parked as too-late" in done.stderr


def test_without_a_worker_it_is_told_that_the_reading_is_on_the_log(broker: str) -> None:
    create_topics(Connection(bootstrap_servers=broker).for_kafka_python(), "live-nobody")

    done = observe(broker, "--patient", "p4", *WHO, "--pulse", "80", "--wait", "0.5", prefix="live-nobody")

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "No worker answered" in done.stderr
    assert [reading["patient_id"] for reading in readings(broker, "live-nobody", "p4")] == ["p4"]


def test_without_a_broker_it_is_told_in_one_line() -> None:
    done = observe("127.0.0.1:1", "--patient", "p1", *WHO, "--pulse", "80")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "see that it runs" in done.stderr


def test_on_a_terminal_what_is_not_given_is_asked_for_until_it_is_believable(kafka: str) -> None:
    keyboard, terminal = os.openpty()
    os.write(keyboard, b"p5\nnurse Joy\n18\n195\n95\n\n120/80\n72\n\n\n\n")

    done = observe(kafka, "--json", stdin=terminal)

    os.close(keyboard)
    os.close(terminal)
    assert done.returncode == 0, done.stderr
    assert "Oxygen saturation (%)" in done.stderr
    assert "195 % is implausible: oxygen saturation lies between 0 % and 100 %." in done.stderr
    measured = [(each["code"], each["value"]) for each in json.loads(done.stdout)["reading"]["measurements"]]
    assert measured == [("9279-1", 18.0), ("59408-5", 95.0), ("8480-6", 120.0), ("8462-4", 80.0), ("8867-4", 72.0)]
