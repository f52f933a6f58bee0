"""`vigil demo` as a person or a program runs it, on the real broker."""

import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psutil
import pytest

from producers.simulator.scenarios import SCENARIOS

DEMO = [sys.executable, "-m", "vigil", "demo", "--workers", "1"]
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()=>].?")


@pytest.mark.timeout(240)
def test_the_whole_recording_adds_up_in_json(broker: str) -> None:
    done = subprocess.run(
        [*DEMO, "--recorded", "--json", "--speed", "60000", "--broker", broker],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    report = json.loads(done.stdout)
    assert report["ended"] == "through"
    assert report["patients"] == 20
    assert report["published"] == report["processed"]
    assert (report["missing"], report["doubled"], report["dead_letters"]) == (0, 0, {})
    assert 0 < report["readings"] <= report["assessments"]
    notified = sum(sum(by_priority.values()) for by_priority in report["notified"].values())
    raised = sum(sum(by_priority.values()) for by_priority in report["raised"].values())
    assert 0 < notified < report["alerts"]
    assert 0 < raised < report["alerts"]
    assert 0 < report["told"] <= min(raised, notified)
    assert report["recommendations"] > 0
    assert 0 < report["first_assessment_seconds"] < report["seconds"]


@pytest.mark.timeout(240)
def test_without_a_terminal_it_prints_lines(broker: str) -> None:
    done = subprocess.run(
        [*DEMO, "--recorded", "--duration", "3", "--speed", "20000", "--broker", broker],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout
    assert "not a medical device" in done.stdout
    assert re.search(r"^2012-01-\d\d \d\d:\d\d !+ \w+ \w+ \d+: .+ Since .+ Clears when: ", done.stdout, re.MULTILINE)
    summary = " ".join(done.stdout.partition("What Vigil did")[2].replace(",", "").split())
    alerts = re.search(r"alerts raised (\d+) .*? of these (\d+) notified (\d+) evidence of another alert", summary)
    notifications = re.search(r"notifications (\d+) .*? of these (\d+) first ones (\d+) repeated", summary)
    assert alerts is not None, summary
    assert notifications is not None, summary
    assert int(alerts[1]) == int(alerts[2]) + int(alerts[3]) > 0
    assert int(notifications[1]) == int(notifications[2]) + int(notifications[3])
    assert alerts[2] == notifications[2]


@pytest.mark.timeout(300)
def test_every_promise_of_the_scripted_shift_is_held_on_the_topics(broker: str) -> None:
    done = subprocess.run(
        [*DEMO, "--workers", "2", "--scripted", "--json", "--broker", broker],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert {truth["scenario"] for truth in report["scenarios"]} == set(SCENARIOS)
    assert [truth for truth in report["scenarios"] if truth["unmet"] != []] == []
    assert [truth for truth in report["scenarios"] if None in truth["came"]] == []
    assert sum(len(truth["came"]) for truth in report["scenarios"]) > 10
    assert (report["missing"], report["doubled"]) == (0, 0)
    assert report["published"] == report["processed"]
    assert set(report["dead_letters"]) == {"future"}


@pytest.mark.timeout(240)
def test_a_terminal_shows_a_ward_takes_a_key_and_ends_on_ctrl_c_with_the_summary() -> None:
    with terminal() as (screen, press, demo):
        until(screen, r"Patients by urgency.*[AB]1 \d .*(HIGH|MEDIUM|low)")
        until(screen, r"Newest alerts.*!+ (HIGH|MEDIUM|low) active .*clears when: ")
        until(screen, r"s starts a scenario")
        press("s")
        until(screen, r"Start which scenario\? _ .*wrong-clock")
        press("sensor@A1 3\n")
        until(screen, r"begun: [^·]*sensor-off A1 3, ")
        until(screen, r"!!! HIGH active +A1 3  ")
        press("a")
        until(screen, r"You acknowledge ")
        children = psutil.Process(demo.pid).children(recursive=True)
        assert any("learner" in child.cmdline() for child in children)
        demo.send_signal(signal.SIGINT)
        until(
            screen, r"What Vigil did.*you stopped it.*missing 0, doubled 0.*sensor-off +A1 3 \(p3\) .*What to do next"
        )

        assert demo.wait(30) == 0

    assert len(children) >= 2
    _, left_over = psutil.wait_procs(children, timeout=5)
    assert left_over == []


# --- A terminal -------------------------------------------------------------------------------------------------------


@contextmanager
def terminal() -> Iterator[tuple[Callable[[], str], Callable[[str], object], "subprocess.Popen[bytes]"]]:
    """A demo on a terminal of 120 by 40; one function gives all that it has written, without escapes, one types."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    environment = os.environ | {"TERM": "xterm-256color", "PYTHONUTF8": "1", "COLUMNS": "", "LINES": ""}
    written = bytearray()

    def screen() -> str:
        while select.select([ours], [], [], 0.1)[0]:
            try:
                written.extend(os.read(ours, 65_536))
            except OSError:  # Linux says so when the other end is closed.
                break
        return ESCAPES.sub("", written.decode(errors="replace"))

    demo = subprocess.Popen(DEMO, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True)
    os.close(theirs)
    try:
        yield screen, lambda keys: os.write(ours, keys.encode()), demo
    finally:
        demo.terminate()
        os.close(ours)  # Or a demo that failed would wait for somebody to read what it writes.
        demo.wait(30)


def until(screen: Callable[[], str], pattern: str, seconds: float = 100) -> None:
    deadline = time.monotonic() + seconds
    while not re.search(pattern, said := screen(), re.DOTALL):
        assert time.monotonic() < deadline, f"{pattern} did not come; the screen ended with {said[-2000:]}"
