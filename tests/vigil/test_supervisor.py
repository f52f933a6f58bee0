"""Child processes are kept running, and none is left."""

import contextlib
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil

from tests.waiting import until
from vigil.supervisor import Supervisor, _next_pause

CHILD = """
import pathlib, signal, sys, time
from vigil.supervisor import stop_with_supervisor
stop_with_supervisor()
pathlib.Path(sys.argv[1]).write_text("ready")
while True:
    time.sleep(1)
"""
STUBBORN = """
import pathlib, signal, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
pathlib.Path(sys.argv[1]).write_text("ready")
signal.pause()
"""


def is_gone(pid: int) -> bool:
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    return True


def test_a_child_that_dies_is_started_again(tmp_path: Path) -> None:
    with Supervisor([[sys.executable, "-c", CHILD, str(tmp_path / "one")]]) as supervisor:
        until((tmp_path / "one").exists)
        (first,) = supervisor.pids
        os.kill(first, signal.SIGKILL)
        until(lambda: bool(supervisor.pids) and supervisor.pids != [first])
        (second,) = supervisor.pids

    assert is_gone(first)
    assert is_gone(second)
    assert supervisor.pids == []


def test_a_child_that_does_not_stop_is_killed(tmp_path: Path) -> None:
    supervisor = Supervisor([[sys.executable, "-c", STUBBORN, str(tmp_path / "one")]])
    supervisor.start()
    until((tmp_path / "one").exists)
    (pid,) = supervisor.pids

    supervisor.stop(timeout_seconds=0.3)

    assert is_gone(pid)


def test_a_child_that_keeps_dying_is_started_ever_later() -> None:
    pause, pauses = 0.0, []
    for _ in range(7):
        pause = _next_pause(pause, lived_seconds=0.1)
        pauses.append(pause)

    assert pauses == [0.5, 1.0, 2.0, 4.0, 8.0, 10.0, 10.0]
    assert _next_pause(pause, lived_seconds=60) == 0.0


def test_a_stop_before_the_start_is_fine() -> None:
    Supervisor([[sys.executable, "-c", "pass"]]).stop()


def test_no_child_outlives_a_killed_supervisor(tmp_path: Path) -> None:
    program = (
        "import sys, time; from vigil.supervisor import Supervisor;"
        "supervisor = Supervisor([[sys.executable, '-c', sys.argv[1], sys.argv[2]]]);"
        "supervisor.start(); print(supervisor.pids[0], flush=True); time.sleep(600)"
    )
    ready = tmp_path / "ready"
    parent = subprocess.Popen([sys.executable, "-c", program, CHILD, ready], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    until(ready.exists)

    parent.kill()
    parent.wait()
    parent.stdout.close()

    until(lambda: is_gone(child))
