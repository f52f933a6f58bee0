"""What a page takes that is left open: its memory over many changes, and whether a cut ever loses a call."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from msgspec import Struct

from benchmarks.full.workers import working
from benchmarks.ward.browser import Wire, looking, opened
from benchmarks.ward.feed import Ward, feeding
from benchmarks.ward.line import Line, laid
from benchmarks.ward.serving import serving
from consumers.outputs import read
from models.events import Alert
from streams.settings import Connection
from streams.topics import create_topics, topic_name
from vigil.connection import told_in_one_line
from vigil.log_reader import read_topics

if TYPE_CHECKING:
    from playwright.sync_api import Page

PREFIX = "replay-tab"
_START_SECONDS = 60.0
_PATIENCE_SECONDS = 30.0
_POLL_MS = 250
_WHOLE_MS = 6_000
_CUT_MS = 2_500
_LISTENS = """
async () => {
  const { live } = await import("/static/js/live.js");
  const heard = new Set();
  const count = { rows: 0, heard: () => [...heard] };
  const hear = (calls) => calls.forEach(({ alert }) => heard.add(`${alert.alert_id}.${alert.revision}`));
  hear(live.calls());
  live.on("calls", ({ fresh }) => hear(fresh));
  live.on("rows", (changed) => { count.rows += changed.size; });
  live.on("reset", () => hear(live.calls()));
  window.vigilCount = count;
}
"""


class Tab(Struct, frozen=True, kw_only=True):
    """What the tab held when a third of the changes had come and at the end, each after garbage was collected.

    `changes` are rows that changed in it, `cuts` how often its line was cut, `calls` those on the topic of alerts,
    `missed` those of them that the page never told of.
    """

    patients: int
    seconds: int
    changes: int
    cuts: int
    calls: int
    missed: int
    heap_megabytes_before: float
    heap_megabytes: float
    nodes_before: int
    nodes: int


def tab(connection: Connection, folder: Path, *, patients: int, seconds: int) -> Tab:
    """A page looks on for so long, its line cut every few seconds, while each patient sends a panel a second."""
    with told_in_one_line():
        create_topics(connection.for_kafka_python(), PREFIX)
        with (
            working(connection, PREFIX, 1, folder) as workers,
            serving(connection, PREFIX, folder) as server,
            laid(urlsplit(server.url).port or 0) as line,
            opened() as browser,
        ):
            workers.await_ready()
            with feeding(connection, PREFIX, patients=patients, seconds=1) as ward:
                ward.await_end()
            server.await_view(
                lambda told: len(told["rows"]) == patients, "not all patients are shown", seconds=_START_SECONDS
            )
            with looking(browser, line.url) as (page, wire):
                page.evaluate(_LISTENS)
                with feeding(connection, PREFIX, patients=patients, seconds=seconds, alarms=patients // 4) as ward:
                    cuts, before = _cut_and_mend(page, wire, line, ward, seconds)
                    ward.await_end()
                server.await_view(lambda told: told["state"]["lag"] == 0, "the log is not read", seconds=_START_SECONDS)
                calls = _calls(connection)
                missed = _missed(page, calls)
                changes, after = int(page.evaluate("vigilCount.rows")), wire.kept()
    return Tab(
        patients=patients,
        seconds=seconds,
        changes=changes,
        cuts=cuts,
        calls=len(calls),
        missed=missed,
        heap_megabytes_before=round(before[0], 2),
        heap_megabytes=round(after[0], 2),
        nodes_before=before[1],
        nodes=after[1],
    )


def _cut_and_mend(page: "Page", wire: Wire, line: Line, ward: Ward, seconds: int) -> tuple[int, tuple[float, int]]:
    """Cuts the line again and again while it is fed; how often, and what the tab held after a third of the time."""
    cuts, before, began = 0, None, time.monotonic()
    while ward.is_fed:
        page.wait_for_timeout(_WHOLE_MS)
        if before is None and time.monotonic() - began > seconds / 3:
            before = wire.kept()
        line.cut()
        page.wait_for_timeout(_CUT_MS)
        line.mend()
        cuts += 1
    return cuts, before or wire.kept()


def _missed(page: "Page", calls: set[str]) -> int:
    """How many calls the page has not told of, once it tells of all or has had its time."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while missed := calls - set(page.evaluate("vigilCount.heard()")):
        if time.monotonic() > deadline:
            break
        page.wait_for_timeout(_POLL_MS)
    return len(missed)


def _calls(connection: Connection) -> set[str]:
    """Each notified revision on the topic; read in another thread, for the browser keeps this one's event loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(_notified, connection).result()


def _notified(connection: Connection) -> set[str]:
    records = (
        record for each in read_topics(connection.for_aiokafka(), [topic_name(PREFIX, "alerts")]) for record in each
    )
    alerts = (read("alerts", record.value or b"") for record in records)
    return {f"{alert.alert_id}.{alert.revision}" for alert in alerts if isinstance(alert, Alert) and alert.notify}
