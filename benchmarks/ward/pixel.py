"""How long after a reading is produced its value stands on the page: through Kafka, a worker, the server and a browser.

What counts is who is in view from before the reading is produced; a row further down is drawn when it comes near.
"""

import statistics
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from benchmarks.full.workers import working
from benchmarks.ward.browser import looking, opened
from benchmarks.ward.feed import SETTLE_SECONDS, WARM_SECONDS, Produced, Ward, feeding, second_of
from benchmarks.ward.serving import Server, serving
from streams.settings import Connection
from streams.topics import create_topics
from vigil.connection import told_in_one_line
from vigil.errors import CommandFailed

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PREFIX = "replay-pixel"
_POLL_MS = 500
_MISSING = "missing"

Shown = list[tuple[str, str, str, float, float]]
"""Patient, heart rate, systolic pressure, when drawn and since when in view, both in milliseconds since 1970."""


class Pixel(Struct, frozen=True, kw_only=True):
    """Milliseconds from a reading's hand-over to the producer until the frame that shows it is drawn.

    `unseen` are readings of rows in view that were never shown, nor one after them; `server_cpu_share` is of one core.
    """

    panels_per_second: float
    readings: int
    unseen: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float
    server_cpu_share: float
    server_megabytes: float


def pixel(connection: Connection, folder: Path, *, patients: int, seconds: int) -> Pixel:
    """Each patient sends a panel a second, and a page looks on; the first seconds and the last do not count."""
    length = WARM_SECONDS + seconds + SETTLE_SECONDS
    with told_in_one_line():
        create_topics(connection.for_kafka_python(), PREFIX)
        with (
            working(connection, PREFIX, 1, folder) as workers,
            serving(connection, PREFIX, folder) as server,
            opened() as browser,  # Before anything is fed, as it takes long to start on a busy machine.
        ):
            workers.await_ready()
            with feeding(connection, PREFIX, patients=patients, seconds=length) as ward:
                shown, in_view, share = _look(browser, server, ward)
                took = ward.await_end()
            megabytes = server.megabytes
    late, unseen = latencies(ward.produced, shown, in_view, range(WARM_SECONDS, WARM_SECONDS + seconds))
    if not late:
        raise CommandFailed("No reading of a row in view was shown: measure for longer.")
    cuts = statistics.quantiles(late, n=100, method="inclusive") if len(late) > 1 else late * 99
    return Pixel(
        panels_per_second=round(len(ward.produced) / took, 1),
        readings=len(late) + unseen,
        unseen=unseen,
        p50_ms=round(cuts[49], 1),
        p95_ms=round(cuts[94], 1),
        p99_ms=round(cuts[98], 1),
        max_ms=round(max(late), 1),
        server_cpu_share=round(share, 3),
        server_megabytes=round(megabytes, 1),
    )


def _look(browser: "Browser", server: Server, ward: Ward) -> tuple[Shown, dict[str, float], float]:
    """Looks on until all is fed; what was shown, who is in view at the end, and the server's share of a core."""
    with looking(browser, server.url) as (page, _):
        began, used = time.monotonic(), server.cpu_seconds
        while ward.is_fed:
            page.wait_for_timeout(_POLL_MS)
        share = (server.cpu_seconds - used) / (time.monotonic() - began)
        told: dict[str, Any] = page.evaluate("({ shown: vigilBench.shown, inView: vigilBench.inView() })")
    return [tuple(each) for each in told["shown"]], told["inView"], share


def latencies(produced: Produced, shown: Shown, in_view: dict[str, float], seconds: range) -> tuple[list[float], int]:
    """Milliseconds until each reading was shown, or a later one of its patient, and how many never were.

    Of those seconds, and of patients who were in view from before it was produced until it was shown, or to the end.
    """
    draws: dict[str, list[tuple[int, float, float]]] = defaultdict(list)
    for patient, rate, pressure, drawn_at, since in shown:
        if _MISSING in (rate, pressure):  # As the first heart rate is.
            continue
        draws[patient].append((second_of(float(rate), float(pressure)), drawn_at, since))
    late, unseen = [], 0
    for (patient, second), at in produced.items():
        if second not in seconds:
            continue
        found = next((draw for draw in draws[patient] if draw[0] >= second and draw[1] >= at * 1000), None)
        if found is None:
            unseen += in_view.get(patient, float("inf")) <= at * 1000
        elif found[2] <= at * 1000:
            late.append(found[1] - at * 1000)
    return late, unseen
