"""Supervised workers on one prefix, and what the machine and their metrics tell of them."""

import contextlib
import logging
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO
from urllib.error import URLError
from urllib.request import urlopen

import psutil
from prometheus_client.parser import text_string_to_metric_families

from streams.settings import Connection
from streams.topics import PARTITIONS
from vigil.broker.ports import free_port
from vigil.commands.worker import worker_commands
from vigil.errors import CommandFailed
from vigil.supervisor import Supervisor

_START_SECONDS = 120.0
_POLL_SECONDS = 0.05


class Workers:
    """One or more workers that share the partitions of a prefix."""

    def __init__(self, connection: Connection, prefix: str, count: int, log: IO[bytes]) -> None:
        self._ports = [free_port() for _ in range(count)]
        broker = connection.bootstrap_servers
        commands = [self._command(broker, prefix, port) for port in self._ports]
        self._supervisor = Supervisor(commands, output=log)

    @staticmethod
    def _command(broker: str, prefix: str, port: int) -> list[str]:
        (command,) = worker_commands(broker, prefix, 1, metrics_port=port)
        return [*command, "--instance-id", f"bench-{port}"]

    @property
    def cpu_seconds(self) -> float:
        """What all of them have used until now."""
        return sum(sum(psutil.Process(pid).cpu_times()[:2]) for pid in self._supervisor.pids)

    def metric(self, name: str) -> list[float]:
        """The values of one metric of all workers, each partition's apart."""
        found = []
        for port in self._ports:
            with urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
                families = text_string_to_metric_families(answer.read().decode())
                found += [sample.value for family in families for sample in family.samples if sample.name == name]
        return found

    def await_ready(self) -> None:
        """Waits until every partition is held and restored."""
        _wait_until(self._is_ready, "the workers do not get ready")

    def kill_one(self) -> None:
        """Kills a worker without warning, and waits until its successor has taken its partitions over."""
        victim = self._supervisor.pids[0]
        logging.getLogger("vigil.supervisor").setLevel(logging.ERROR)  # It would warn of what is meant to happen.
        os.kill(victim, signal.SIGKILL)
        _wait_until(lambda: victim not in self._supervisor.pids, "the killed worker does not go away")
        self.await_ready()

    def __enter__(self) -> "Workers":
        self._supervisor.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._supervisor.stop()

    def _is_ready(self) -> bool:
        with contextlib.suppress(URLError, ConnectionError):
            return (
                len(self._supervisor.pids) == len(self._ports)
                and sum(self.metric("vigil_partitions_restored")) == PARTITIONS
            )
        return False


@contextlib.contextmanager
def working(connection: Connection, prefix: str, count: int, folder: Path) -> Iterator[Workers]:
    """Runs workers for a while; they write a last checkpoint before this returns."""
    with (folder / f"{prefix}.log").open("wb") as log, Workers(connection, prefix, count, log) as workers:
        yield workers


def _wait_until(condition: Callable[[], bool], complaint: str) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise CommandFailed(f"Within {_START_SECONDS:.0f} s {complaint}.")
        time.sleep(_POLL_SECONDS)
