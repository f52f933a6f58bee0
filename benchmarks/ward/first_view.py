"""What it takes to see a full ward for the first time, and to scroll in it while it changes."""

import statistics
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from benchmarks.full.workers import working
from benchmarks.ward.browser import looking, opened, until
from benchmarks.ward.feed import feeding
from benchmarks.ward.serving import serving
from streams.settings import Connection
from streams.topics import create_topics
from vigil.connection import told_in_one_line

if TYPE_CHECKING:
    from playwright.sync_api import Page

PREFIX = "replay-first"
_START_SECONDS = 120.0
_NOTCHES = 60
_DROPPED_MS = 200
_BETWEEN_MS = 50
_NOTCH_PIXELS = 400
_SETTLE_MS = 500
_LOOKS = 3
_FEED_SECONDS = 600


class FirstView(Struct, frozen=True, kw_only=True):
    """The median of several looks, each with nothing kept from before.

    `usable_ms` is from the navigation until the first rows are drawn and can be used, `usable_cpu_ms` what the page's
    thread used of a processor by then, `all_rows_ms` is until all rows are drawn, `kilobytes` what came over the wire
    until then. Long tasks are those over 50 ms while it was scrolled, by wheel and by key; an interaction is dropped
    that took over 200 ms to be answered.
    """

    patients: int
    usable_ms: float
    usable_cpu_ms: float
    all_rows_ms: float
    kilobytes: float
    interactions: int
    dropped: int
    slowest_interaction_ms: float
    long_tasks: int
    longest_task_ms: float


def first_view(connection: Connection, folder: Path, *, patients: int, rate: int) -> FirstView:
    """Looks at a ward of whom each has sent, several times while `rate` of them go on, then scrolls in it."""
    with told_in_one_line():
        create_topics(connection.for_kafka_python(), PREFIX)
        with working(connection, PREFIX, 1, folder) as workers, serving(connection, PREFIX, folder) as server:
            workers.await_ready()
            with feeding(connection, PREFIX, patients=patients, seconds=1) as ward:
                ward.await_end()
            server.await_view(
                lambda told: len(told["rows"]) == patients and told["state"]["lag"] == 0,
                "not all patients are shown",
                seconds=_START_SECONDS,
            )
            with feeding(connection, PREFIX, patients=min(rate, patients), seconds=_FEED_SECONDS):
                return _looked(server.url, patients)


def _looked(url: str, patients: int) -> FirstView:
    usable, cpu, complete, kilobytes = [], [], [], []
    with opened() as browser:
        for number in range(_LOOKS):
            with looking(browser, url) as (page, wire):
                cpu.append(wire.cpu_seconds * 1000)
                until(page, "vigilBench.allRows !== null", "the page does not show all rows")
                usable.append(float(page.evaluate("vigilBench.firstRow")))
                complete.append(float(page.evaluate("vigilBench.allRows")))
                kilobytes.append(wire.bytes / 1000)
                if number == _LOOKS - 1:
                    _scroll(page)
                    interactions = [float(each) for each in page.evaluate("vigilBench.interactions")]
                    tasks = [float(each) for each in page.evaluate("vigilBench.longTasks")]
    return FirstView(
        patients=patients,
        usable_ms=round(statistics.median(usable), 1),
        usable_cpu_ms=round(statistics.median(cpu), 1),
        all_rows_ms=round(statistics.median(complete), 1),
        kilobytes=round(statistics.median(kilobytes), 1),
        interactions=len(interactions),
        dropped=sum(each > _DROPPED_MS for each in interactions),
        slowest_interaction_ms=round(max(interactions, default=0.0), 1),
        long_tasks=len(tasks),
        longest_task_ms=round(max(tasks, default=0.0), 1),
    )


def _scroll(page: "Page") -> None:
    """Scrolls through the ward by wheel, then goes down in it by key; only what happens meanwhile is noted."""
    page.evaluate("vigilBench.interactions.length = vigilBench.longTasks.length = 0")
    page.mouse.move(960, 700)
    for _ in range(_NOTCHES):
        page.mouse.wheel(0, _NOTCH_PIXELS)
        page.wait_for_timeout(_BETWEEN_MS)
    for _ in range(_NOTCHES):
        page.keyboard.press("j")
        page.wait_for_timeout(_BETWEEN_MS)
    page.wait_for_timeout(_SETTLE_MS)
