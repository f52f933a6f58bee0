"""The programs of docs/programs.md do what the page says, with a real broker and a real worker."""

import os
import selectors
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from streams.settings import Connection
from streams.topics import create_topics
from tests.waiting import until

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs/examples"
PREFIX = "live-examples"
_PATIENCE_SECONDS = 60


@pytest.fixture
def worker(broker: str) -> Iterator[str]:
    """A worker on topics of its own; gives the broker's address."""
    create_topics(Connection(bootstrap_servers=broker).for_kafka_python(), PREFIX)
    arguments = ("--broker", broker, "--prefix", PREFIX, "--metrics-port", "0")
    with running("-m", "vigil", "worker", *arguments):
        yield broker


@contextmanager
def running(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A Python process that is killed at the end, without any chance to tidy up."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()
            process.communicate()


def feed(kafka: str, *patients: str) -> str:
    """Sends a panel of each patient that asks for an alert, and gives what the feed printed."""
    now = datetime.now(UTC).isoformat()
    lines = "".join(f"{patient},{now},26,91,134\n" for patient in patients)
    command = [sys.executable, str(EXAMPLES / "feed.py"), kafka, PREFIX]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, input=lines, capture_output=True, text=True, check=False, env=environment, timeout=_PATIENCE_SECONDS
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def next_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        assert selector.select(_PATIENCE_SECONDS), "nothing was printed"
    return process.stdout.readline()


def await_told(database: Path, alerts: int) -> None:
    """Returns when the pager has kept that it told so many; until then it might tell the last one again."""
    with closing(sqlite3.connect(database)) as opened:
        until(lambda: opened.execute("SELECT count(*) FROM told").fetchone()[0] >= alerts, "the pager keeps it")


def test_the_pager_tells_each_alert_of_the_feed_once_though_it_was_killed(worker: str, tmp_path: Path) -> None:
    database = tmp_path / "pager.db"
    pager = (str(EXAMPLES / "pager.py"), worker, PREFIX, str(database))
    with running(*pager) as first:
        assert feed(worker, "p1") == "1 readings are confirmed\n"
        assert next_line(first).startswith("high active p1 NEWS2 is 9 (high)")
        await_told(database, 1)

    with running(*pager) as second:
        feed(worker, "p2")

        assert next_line(second).startswith("high active p2 NEWS2 is 9 (high)"), "and not p1 again"
        await_told(database, 2)

    with closing(sqlite3.connect(database)) as opened, opened:
        opened.execute("DELETE FROM position")
    with running(*pager) as third:
        feed(worker, "p3")

        assert next_line(third).startswith("high active p3 NEWS2 is 9 (high)"), "though all is read again"
        third.send_signal(signal.SIGINT)
        assert third.wait(_PATIENCE_SECONDS) == 0
