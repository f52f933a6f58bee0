"""Everything that is measured of the ward page, in one report."""

from pathlib import Path

from msgspec import Struct

from benchmarks.machine import Machine
from benchmarks.ward.first_view import FirstView, first_view
from benchmarks.ward.pixel import Pixel, pixel
from streams.settings import Connection


class Sizes(Struct, frozen=True, kw_only=True):
    """How much is measured."""

    patients: int
    crowd: int
    seconds: int


class Report(Struct, frozen=True, kw_only=True):
    """One run of the ward page."""

    machine: Machine
    pixel: Pixel
    first_view: FirstView

    @property
    def is_right(self) -> bool:
        """Whether every reading of a row in view was shown."""
        return self.pixel.unseen == 0

    @property
    def told(self) -> str:
        """All of it in lines for people."""
        seen, first = self.pixel, self.first_view
        rows = [
            ("to the screen", f"p50 {seen.p50_ms:.0f} ms, p95 {seen.p95_ms:.0f} ms, p99 {seen.p99_ms:.0f} ms"),
            (
                "of readings",
                f"{seen.readings:,} in view at {seen.panels_per_second:,.0f} panels/s, unseen {seen.unseen}",
            ),
            ("the server", f"{seen.server_cpu_share:.0%} of a core, {seen.server_megabytes:.0f} MB"),
            ("first view", f"{first.usable_ms:.0f} ms, all of {first.patients:,} rows {first.all_rows_ms:.0f} ms"),
            ("over the wire", f"{first.kilobytes:.0f} kB"),
            ("scrolling", f"{first.interactions} interactions, {first.dropped} over 200 ms, {_tasks(first)}"),
            ("machine", self.machine.told),
        ]
        return "\n".join(f"{what:<14} {told}" for what, told in rows)


def _tasks(first: FirstView) -> str:
    return f"{first.long_tasks} long tasks, the longest {first.longest_task_ms:.0f} ms"


def measure_ward(connection: Connection, folder: Path, sizes: Sizes) -> Report:
    """Measures one after the other, each on topics of its own."""
    return Report(
        machine=Machine.now(),
        pixel=pixel(connection, folder, patients=sizes.patients, seconds=sizes.seconds),
        first_view=first_view(connection, folder, patients=sizes.crowd, rate=sizes.patients),
    )
