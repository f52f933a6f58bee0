"""The panels of the reference job as they stand on the input topic."""

from collections.abc import Iterator

from benchmarks.panels import SIGNS, panels
from benchmarks.reference.job import Panel, encode

_BEGINS_AT = 1_767_225_600.0  # 2026-01-01, in seconds since 1970


def values(count: int, patients: int) -> Iterator[bytes]:
    """So many panels as JSON, in the order in which they are published."""
    names = [sign.name for sign in SIGNS]
    for panel in panels(count, patients):
        vitals = dict(zip(names, map(float, panel.values), strict=True))
        yield encode(Panel(panel.patient_id, _BEGINS_AT + panel.seconds, vitals))
