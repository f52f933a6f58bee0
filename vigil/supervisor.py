"""Keeps child processes running: starts one that died again, stops all of them, leaves no orphan."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from types import TracebackType
from typing import IO, Self

log = logging.getLogger(__name__)

_SUPERVISED = "VIGIL_SUPERVISED"
_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 10.0
_SETTLED_SECONDS = 30.0
_STOP_SECONDS = 12.0


class Supervisor:
    """Child processes, one for each command line, started again soon when they die, and ever later if they keep dying.

    Each child is in a session of its own, so that Ctrl-C reaches only the supervisor, and holds a pipe as its standard
    input whose end tells it that the supervisor is gone: it must call `stop_with_supervisor`.
    """

    def __init__(self, commands: Sequence[Sequence[str]], *, output: int | IO[bytes] | None = None) -> None:
        self._children = [_Child(command, output) for command in commands]

    @property
    def pids(self) -> list[int]:
        """The process ids of the children that run now."""
        return [pid for child in self._children if (pid := child.pid) is not None]

    def start(self) -> None:
        """Starts every child."""
        for child in self._children:
            child.start()

    def stop(self, timeout_seconds: float = _STOP_SECONDS) -> None:
        """Asks every child to stop, kills those that do not in time, and returns when none is left."""
        deadline = time.monotonic() + timeout_seconds
        for child in self._children:
            child.ask_to_stop()
        for child in self._children:
            child.await_stop(deadline)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()


class _Child:
    """One command line and the thread that keeps it running."""

    def __init__(self, command: Sequence[str], output: int | IO[bytes] | None) -> None:
        self._command = list(command)
        self._output = output
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep_running, name="supervisor", daemon=True)

    @property
    def pid(self) -> int | None:
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def start(self) -> None:
        self._spawn()
        self._thread.start()

    def ask_to_stop(self) -> None:
        with self._lock:
            self._stopping.set()
            if self._process is not None:
                self._process.terminate()

    def await_stop(self, deadline: float) -> None:
        if not self._thread.ident:
            return
        self._thread.join(max(0.0, deadline - time.monotonic()))
        if self._thread.is_alive() and self._process is not None:
            log.warning("process %d does not stop: killing it", self._process.pid)
            self._process.kill()
            self._thread.join()

    def _spawn(self) -> None:
        """Starts the process, unless the stop came first."""
        with self._lock:
            if self._stopping.is_set():
                return
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=self._output,
                stderr=self._output,
                start_new_session=True,
                env=os.environ | {_SUPERVISED: "1"},
            )

    def _keep_running(self) -> None:
        pause = 0.0
        while True:
            started = time.monotonic()
            pid, status = self._wait()
            if self._stopping.is_set():
                return
            pause = _next_pause(pause, time.monotonic() - started)
            log.warning("process %d ended with %d: starting it again in %.1f s", pid, status, pause)
            self._stopping.wait(pause)
            self._spawn()

    def _wait(self) -> tuple[int, int]:
        assert self._process is not None
        status = self._process.wait()
        assert self._process.stdin is not None
        self._process.stdin.close()
        return self._process.pid, status


def _next_pause(pause: float, lived_seconds: float) -> float:
    """Nothing for a child that had settled or dies for the first time, else twice the pause before."""
    if lived_seconds >= _SETTLED_SECONDS:
        return 0.0
    return min(max(_FIRST_PAUSE_SECONDS, 2 * pause), _LONGEST_PAUSE_SECONDS)


def stop_with_supervisor() -> None:
    """In a child: stops this process, as SIGTERM does, when its supervisor is gone; without one it does nothing."""
    if os.environ.pop(_SUPERVISED, None):
        threading.Thread(target=_watch_supervisor, name="supervised", daemon=True).start()


def _watch_supervisor() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_STOP_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)
