"""A simulated ward as a file: one JSON object a line, as on the log."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

from producers.simulator.simulation import simulated
from vigil.errors import CommandFailed
from vigil.simulation.plan import WardPlan
from vigil.simulation.report import SimulationReport, Tally, report_of
from vigil.telling import ProgressBar
from vigil.whole_file import whole_file

STANDARD_OUTPUT = "-"
_EVERY = 1000


def write(file: Path, plan: WardPlan, start: datetime) -> SimulationReport:
    """Writes every record until the ward closes; each tick once, for all partitions."""
    tally = Tally()
    ward = plan.opened(start)
    with _opened(file) as out, ProgressBar() as progress:
        for number, entry in enumerate(simulated(ward, 1)):
            out.write(entry.value + b"\n")
            tally.take(entry)
            if number % _EVERY == 0:
                progress.writing(number)
    return report_of(plan, ward, tally, to=str(file))


@contextmanager
def _opened(file: Path) -> Iterator[IO[bytes]]:
    """The file, which is there only when it is whole, or standard output."""
    if str(file) != STANDARD_OUTPUT:
        with whole_file(file) as out:
            yield out
        return
    try:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    except BrokenPipeError as error:
        sys.stdout = None  # Or Python would flush it at the end, and complain again.
        raise CommandFailed("Whoever read the records went away before the last one.") from error
