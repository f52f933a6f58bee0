"""`vigil ticker` as it starts."""

import signal
import subprocess
import sys
import uuid

from click.testing import CliRunner

from streams.settings import Connection
from streams.topics import create_topics
from tests.waiting import until
from vigil.cli import cli
from vigil.log_reader import read_topics


def test_without_a_broker_it_gives_up_in_one_line() -> None:
    soon = "import streams.topics; streams.topics._BOOTSTRAP_MS = 200; import vigil.cli; vigil.cli.main()"

    done = subprocess.run(
        [sys.executable, "-c", soon, "ticker", "--broker", "127.0.0.1:1"], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "see that the broker runs" in done.stderr


def test_without_its_topic_it_gives_up_in_one_line(broker: str) -> None:
    prefix = f"live-{uuid.uuid4().hex}"

    done = CliRunner().invoke(cli, ["ticker", "--broker", broker, "--prefix", prefix])

    assert (done.exit_code, done.output.count("\n")) == (1, 1)
    assert f"There is no topic {prefix}.patient-events: make it with `vigil topics create`." in done.output


def test_with_its_topic_it_ticks_until_it_is_stopped(broker: str) -> None:
    prefix = f"live-{uuid.uuid4().hex}"
    connection = Connection(bootstrap_servers=broker)
    create_topics(connection.for_kafka_python(), prefix)
    command = [sys.executable, "-m", "vigil", "ticker", "--broker", broker, "--prefix", prefix, "--every", "0.1"]

    with subprocess.Popen(command) as ticker:
        until(
            lambda: any(read_topics(connection.for_aiokafka(), [f"{prefix}.patient-events"])), "a tick", process=ticker
        )
        ticker.send_signal(signal.SIGTERM)

        assert ticker.wait(60) == 0
