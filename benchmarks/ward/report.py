"""Everything that is measured of the ward page, in one report."""

from pathlib import Path

from msgspec import Struct

from benchmarks.machine import Machine
from benchmarks.ward.first_view import FirstView, first_view
from benchmarks.ward.past import Past, past
from benchmarks.ward.pixel import Pixel, pixel
from benchmarks.ward.tab import Tab, tab
from streams.settings import Connection


class Sizes(Struct, frozen=True, kw_only=True):
    """How much is measured."""

    patients: int
    crowd: int
    seconds: int
    hours: int
    open_seconds: int


class Report(Struct, frozen=True, kw_only=True):
    """One run of the ward page."""

    machine: Machine
    pixel: Pixel
    first_view: FirstView
    tab: Tab
    past: Past

    @property
    def is_right(self) -> bool:
        """Whether every reading of a row in view was shown, and every call told of."""
        return self.pixel.unseen == 0 and self.tab.missed == 0

    @property
    def told(self) -> str:
        """All of it in lines for people."""
        seen, first, left, past = self.pixel, self.first_view, self.tab, self.past
        rows = [
            ("to the screen", f"p50 {seen.p50_ms:.0f} ms, p95 {seen.p95_ms:.0f} ms, p99 {seen.p99_ms:.0f} ms"),
            (
                "of readings",
                f"{seen.readings:,} in view at {seen.panels_per_second:,.0f} panels/s, unseen {seen.unseen}",
            ),
            ("the server", f"{seen.server_cpu_share:.0%} of a core, {seen.server_megabytes:.0f} MB"),
            ("first view", f"{first.usable_ms:.0f} ms, {first.usable_cpu_ms:.0f} ms of processor time"),
            ("all the rows", f"{first.all_rows_ms:.0f} ms for {first.patients:,}"),
            ("over the wire", f"{first.kilobytes:.0f} kB"),
            ("scrolling", f"{first.interactions} interactions, {first.dropped} over 200 ms, {_tasks(first)}"),
            ("left open", f"{left.changes:,} changes, {left.cuts} cuts, {left.missed} of {left.calls} calls missed"),
            ("the tab", f"{_heap(left)} MB, {_nodes(left)} nodes"),
            ("the past", f"{past.hours} h of {past.patients:,} patients, {past.records:,} records"),
            ("read back in", f"{past.read_seconds:.0f} s, {past.records_per_second:,.0f} records/s"),
            ("and kept in", f"{past.megabytes:.0f} MB, with nothing {past.empty_megabytes:.0f} MB"),
            ("machine", self.machine.told),
        ]
        return "\n".join(f"{what:<14} {told}" for what, told in rows)


def _tasks(first: FirstView) -> str:
    return f"{first.long_tasks} long tasks, the longest {first.longest_task_ms:.0f} ms"


def _heap(left: Tab) -> str:
    return f"{left.heap_megabytes_before:.1f}, then {left.heap_megabytes:.1f}"


def _nodes(left: Tab) -> str:
    return f"{left.nodes_before:,}, then {left.nodes:,}"


def measure_ward(connection: Connection, folder: Path, sizes: Sizes) -> Report:
    """Measures one after the other, each on topics of its own."""
    return Report(
        machine=Machine.now(),
        pixel=pixel(connection, folder, patients=sizes.patients, seconds=sizes.seconds),
        first_view=first_view(connection, folder, patients=sizes.crowd, rate=sizes.patients),
        tab=tab(connection, folder, patients=sizes.patients, seconds=sizes.open_seconds),
        past=past(connection, folder, patients=sizes.crowd, hours=sizes.hours),
    )
