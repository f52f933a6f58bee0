"""A child process that ends when its parent does, whatever ends the parent."""

import subprocess
import sys
from pathlib import Path
from typing import IO

from vigil.broker import guard


class GuardedProcess:
    """One command under a guard, in a session of its own, so that a Ctrl-C in the terminal does not reach it."""

    def __init__(self, command: list[str], *, folder: Path, output: Path, grace: float, lock: IO[str]) -> None:
        with output.open("wb") as stderr:
            self._guard = subprocess.Popen(
                [sys.executable, "-I", "-S", guard.__file__, str(grace), *command],
                cwd=folder,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                pass_fds=(lock.fileno(),),
                start_new_session=True,
            )
        assert self._guard.stdin is not None
        assert self._guard.stdout is not None
        self._lifeline = self._guard.stdin
        with self._guard.stdout as announced:
            self.pid = int(announced.readline() or 0)
        """The process id of the command itself, or 0 if it could not be started."""

    def stop(self) -> None:
        """Asks the command to end, kills it after the grace, and returns when it is gone."""
        self._lifeline.close()
        self._guard.wait()

    def has_ended(self, timeout: float | None = None) -> bool:
        """Waits for the command to end by itself, for ever or for some seconds, and tells whether it has."""
        try:
            self._guard.wait(timeout)
        except subprocess.TimeoutExpired:
            return False
        return True
