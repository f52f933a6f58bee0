"""The worker command with a broker that comes and goes, and what its operator sees."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from kafka import KafkaConsumer

from streams.leaving import ExitCode
from streams.settings import Connection
from tests.waiting import until
from vigil.broker import Broker
from vigil.broker.ports import free_port

Get = Callable[[str], tuple[int, str]]


def test_a_worker_gives_its_metrics_and_tells_the_time(broker: str, tmp_path: Path) -> None:
    with worker(broker, tmp_path / "log", prefix="live-7") as (process, get):
        until(lambda: get("/readyz") == (200, "ok\n"))
        until(lambda: sample(get, "vigil_last_tick_age_seconds") is not None)

        assert get("/healthz") == (200, "ok\n")
        assert sample(get, "vigil_partitions_held") == "8.0"
        assert sample(get, 'vigil_lag_records{partition="0"}') == "0.0"

        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == ExitCode.STOPPED

    errors = [line for line in (tmp_path / "log").read_text().splitlines() if " ERROR " in line]
    assert [line for line in errors if "GroupCoordinatorNotAvailable" not in line] == [], "but a new broker's"
    assert ticks(broker, "live-7.patient-events") > 0


def test_a_worker_waits_for_a_broker_that_went_away_and_goes_on(tmp_path: Path) -> None:
    with Broker(tmp_path / "kafka") as broker, worker(broker.address, tmp_path / "log", STUCK_SECONDS="2") as (_, get):
        until(lambda: sample(get, "vigil_last_tick_age_seconds") is not None)

        os.kill(broker.pid, signal.SIGKILL)
        broker.wait(30)
        broker.stop()
        until(lambda: get("/healthz")[0] == 503)
        assert "no broker has answered" in get("/healthz")[1]
        assert len((tmp_path / "log").read_text().splitlines()) < 100, "the log is no flood"

        broker.start()
        until(lambda: get("/healthz")[0] == 200)
        before = sample(get, "vigil_records_processed_total")
        until(lambda: sample(get, "vigil_records_processed_total") not in (before, None))


@pytest.mark.parametrize(("program", "is_at_work"), [("worker", "vigil_last_tick_age_seconds"), ("learner", None)])
def test_what_works_stops_in_time_though_the_broker_is_gone(
    program: str, is_at_work: str | None, tmp_path: Path
) -> None:
    with Broker(tmp_path / "kafka") as broker, worker(broker.address, tmp_path / "log", program) as (process, get):
        until(lambda: get("/readyz")[0] == 200)
        until(lambda: is_at_work is None or sample(get, is_at_work) is not None)
        os.kill(broker.pid, signal.SIGKILL)
        broker.wait(30)

        process.send_signal(signal.SIGTERM)

        assert process.wait(15) in (ExitCode.STOPPED, ExitCode.UNANSWERED)


def test_a_taken_port_for_metrics_is_told_in_one_line(broker: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        again = command(broker, "live-8", port)
        second = subprocess.run(again, capture_output=True, text=True, check=False, timeout=60)

    assert second.returncode == 1
    assert second.stderr.splitlines()[-1].startswith(f"vigil: metrics can't be served at 127.0.0.1:{port}")
    assert "Traceback" not in second.stderr


@pytest.mark.parametrize("prefix", ["replay-monday", "simulated"])
def test_a_ticker_keeps_out_of_topics_that_have_their_own_time(prefix: str) -> None:
    program = [sys.executable, "-m", "vigil", "ticker", "--prefix", prefix]

    refused = subprocess.run(program, capture_output=True, text=True, check=False, timeout=60)

    assert refused.returncode == 1
    assert "time of their own" in refused.stderr


@pytest.mark.parametrize("program", ["worker", "ticker"])
def test_a_slip_in_the_prefix_is_refused_and_watches_nothing(program: str) -> None:
    slip = [sys.executable, "-m", "vigil", program, "--prefix", "lvie"]

    refused = subprocess.run(slip, capture_output=True, text=True, check=False, timeout=60)

    assert refused.returncode == 2
    assert "'lvie' is none of live" in refused.stderr


def command(broker: str, prefix: str, port: int, program: str = "worker") -> list[str]:
    return [sys.executable, "-m", "vigil", program, "--broker", broker, "--prefix", prefix, "--metrics-port", str(port)]


@contextmanager
def worker(
    broker: str, log: Path, program: str = "worker", prefix: str = "live", **settings: str
) -> Iterator[tuple["subprocess.Popen[bytes]", Get]]:
    """A worker or a learner, and a way to ask it; it is killed at the end if it still runs."""
    port = free_port()
    environment = os.environ | {f"VIGIL_WORKER_{name}": value for name, value in settings.items()}
    with log.open("wb") if log else open(os.devnull, "wb") as output:  # noqa: PTH123
        process = subprocess.Popen(
            command(broker, prefix, port, program), env=environment, stdout=output, stderr=output
        )
        try:
            yield process, lambda path: ask(port, path)
        finally:
            process.kill()
            process.wait()


def ask(port: int, path: str) -> tuple[int, str]:
    """The status and the text of an answer; 0 while nobody answers."""
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()
    except OSError:
        return 0, ""


def sample(get: Get, name: str) -> str | None:
    lines = [line.rpartition(" ") for line in get("/metrics")[1].splitlines()]
    return next((value for found, _, value in lines if found == name), None)


def ticks(broker: str, topic: str) -> int:
    reader = KafkaConsumer(
        topic,
        **Connection(bootstrap_servers=broker).for_kafka_python(),
        auto_offset_reset="earliest",
        consumer_timeout_ms=2_000,
    )
    types = [json.loads(record.value)["type"] for record in reader]
    reader.close()
    return types.count("Tick")
