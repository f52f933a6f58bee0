"""`vigil policy`, from a file to the limits that a worker alerts by."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from streams.settings import Connection
from streams.topics import create_topics
from vigil.cli import cli

PREFIX = "live-policy"
WHO = ("--by", "dr-3", "--reason", "trial")
POLICY = 'version = "2026-11"\n[limits.oxygen_saturation]\nlow = 93\n[ward.A1.limits.heart_rate]\nhigh = 130\n'


def vigil(broker: str, *arguments: str, prefix: str = PREFIX) -> Result:
    return CliRunner().invoke(cli, [*arguments, "--broker", broker, "--prefix", prefix])


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    file = tmp_path / "site.toml"
    file.write_text(POLICY)
    return file


@pytest.fixture(scope="module")
def worker(broker: str) -> Iterator[str]:
    """The broker, with a worker on topics of this module."""
    create_topics(Connection(bootstrap_servers=broker).for_kafka_python(), PREFIX)
    command = [sys.executable, "-m", "vigil", "worker", "--broker", broker, "--prefix", PREFIX, "--metrics-port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        first = vigil(broker, "observe", "--patient", "first", "--by", "nurse", "--pulse", "80", "--wait", "60")
        assert first.exit_code == 0, first.stderr
        yield broker
    finally:
        process.terminate()
        process.wait(30)


def test_a_policy_is_put_in_force_on_every_partition_and_shown(worker: str, policy: Path) -> None:
    assert "clinical decisions are in force" in vigil(worker, "policy", "show").stdout

    done = vigil(worker, "policy", "apply", str(policy), *WHO)

    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == "site: version 2026-11 is in force\nward A1: version 2026-11 is in force\n"
    shown = json.loads(vigil(worker, "policy", "show", "--json").stdout)["policies"]
    assert shown["site"]["policy"]["limits"]["oxygen_saturation"] == {"low": 93}
    seen = vigil(worker, "observe", "--patient", "p1", "--by", "nurse", "--spo2", "92", "--json")
    assert seen.exit_code == 0
    again = vigil(worker, "policy", "apply", str(policy), *WHO)
    assert "is in force already: nothing changed" in again.stdout

    policy.write_text('version = "2026-12"\n')
    back = json.loads(vigil(worker, "policy", "apply", str(policy), *WHO, "--json").stdout)
    assert [(each["scope"], each["taken_back"]) for each in back["changed"]] == [("site", True), ("ward", True)]
    assert (back["results"], back["expected"], back["refused"]) == (16, 16, [])


def test_where_no_worker_runs_it_is_told_that_the_policy_only_stands_on_the_log(broker: str, policy: Path) -> None:
    create_topics(Connection(bootstrap_servers=broker).for_kafka_python(), "live-policy-idle")

    done = vigil(broker, "policy", "apply", str(policy), *WHO, "--wait", "0.5", prefix="live-policy-idle")

    assert done.exit_code == 1
    assert "It stands on the log, but 16 of 16 partitions did not answer within 0.5 s" in done.stderr
    assert "version 2026-11" in vigil(broker, "policy", "show", prefix="live-policy-idle").stdout


def test_a_slip_in_the_file_reaches_no_log(broker: str, policy: Path) -> None:
    policy.write_text(POLICY.replace("low = 93", "lowest = 93"))

    done = vigil(broker, "policy", "apply", str(policy), *WHO, prefix="live-policy-idle")

    assert done.exit_code == 1
    assert done.stderr.startswith(f"Error: {policy}:3: limits.oxygen_saturation.lowest: there is no such key")


def test_without_topics_it_is_told_what_to_see(broker: str) -> None:
    done = vigil(broker, "policy", "show", prefix="live-policy-none")

    assert (done.exit_code, done.stdout) == (1, "")
    assert "There is no topic live-policy-none.patient-events: see `vigil topics list`" in done.stderr
