"""A `vigil ward` process of its own, and what the machine tells of it."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psutil

from streams.settings import Connection
from vigil.errors import CommandFailed

_POLL_SECONDS = 0.25
_SELDOM_SECONDS = 1.0
_ANSWER_SECONDS = 30


class Server:
    """One that runs, at `url`."""

    def __init__(self, process: "subprocess.Popen[str]", url: str) -> None:
        self.url = url
        self._process = psutil.Process(process.pid)

    @property
    def cpu_seconds(self) -> float:
        """What it has used until now."""
        return float(sum(self._process.cpu_times()[:2]))

    @property
    def megabytes(self) -> float:
        """What it holds in memory now."""
        return float(self._process.memory_info().rss) / 1e6

    def view(self) -> dict[str, Any]:
        """The whole ward as the page is told it."""
        with urlopen(f"{self.url}/ward", timeout=_ANSWER_SECONDS) as answer:
            told: dict[str, Any] = json.load(answer)
        return told

    def await_view(
        self,
        condition: Callable[[dict[str, Any]], bool],
        complaint: str,
        *,
        seconds: float,
        every: float = _POLL_SECONDS,
    ) -> None:
        """Waits until it is true of what the server tells, and looks `every` so many seconds."""
        deadline = time.monotonic() + seconds
        while not condition(self.view()):
            if time.monotonic() > deadline:
                raise CommandFailed(f"Within {seconds:.0f} s {complaint}.")
            time.sleep(every)

    def await_read_back(self, *, seconds: float) -> None:
        """Waits until all of the past is read, asking seldom: each answer takes the server some time."""
        self.await_view(
            lambda told: told["state"]["read_back"] >= 1,
            "the past is not read back",
            seconds=seconds,
            every=_SELDOM_SECONDS,
        )


@contextmanager
def serving(connection: Connection, prefix: str, folder: Path, *, port: int = 0) -> Iterator[Server]:
    """Serves the page until the end; what it says of errors is in a file of the folder while that is there."""
    command = [sys.executable, "-m", "vigil", "ward", "--broker", connection.bootstrap_servers, "--prefix", prefix]
    with (
        (folder / f"{prefix}-ward.log").open("wb") as log,
        subprocess.Popen([*command, "--port", str(port)], stdout=subprocess.PIPE, stderr=log, text=True) as process,
    ):
        try:
            assert process.stdout is not None
            found = re.search(r"http://\S+", process.stdout.readline())
            if found is None:
                raise CommandFailed("The ward page does not start: `vigil ward` says why.")
            yield Server(process, found[0])
        finally:
            process.terminate()
            process.wait()
