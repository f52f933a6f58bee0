"""What each scenario promised and what came of it, as a table."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from producers.simulator.expectation import Expected
from vigil.simulation.report import Truth
from vigil.simulation.words import noticed, quiet, unwanted, wanted

_HEADS = ("scenario", "patient", "onset", "what was promised", "came after", "held")
_GAP = "  "

Row = tuple[str, ...]


def promises(truths: Sequence[Truth], places: Mapping[str, str]) -> str:
    """One line for each alert that must come, and one for all else; below it the verdict; `places` are known beds."""
    rows = [_HEADS, *(row for truth in truths for row in _rows(truth, places.get(truth.patient_id)))]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADS))]
    lines = [_GAP.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    broken = [f"{truth.scenario} of {truth.patient_id}: {each}" for truth in truths for each in truth.unmet or []]
    verdict = [f"NOT held: {each}" for each in broken]
    if all(truth.unmet == [] for truth in truths):
        verdict = ["All promises were held."]
    return "\n".join(f"{_GAP}{line}" for line in [*lines, *verdict])


def _rows(truth: Truth, place: str | None) -> Iterator[Row]:
    patient = truth.patient_id if place in (None, truth.patient_id) else f"{place} ({truth.patient_id})"
    came = truth.came or [None] * len(truth.expected.alerts)
    promised = [
        *((wanted(each), at, _held(truth, at)) for each, at in zip(truth.expected.alerts, came, strict=True)),
        *_rest(truth, came.count(None)),
    ]
    for number, (what, at, held) in enumerate(promised):
        who = (truth.scenario, patient, f"{truth.onset:%H:%M}") if number == 0 else ("", "", "")
        yield *who, what, "" if at is None else str(at - truth.onset).partition(".")[0], held


def _rest(truth: Truth, missing: int) -> Iterator[tuple[str, datetime | None, str]]:
    """All that is promised beside alerts that must come; who was promised nothing at all has that said."""
    what = _said(truth.expected)
    if what is None and truth.expected.alerts:
        return
    is_broken = bool(truth.unmet and truth.unmet[missing:])
    yield what or "nothing in particular", None, "NO" if is_broken else _answer(truth)


def _held(truth: Truth, at: datetime | None) -> str:
    if at is not None:
        return "yes"
    return _answer(truth) if truth.unmet is None else "NO"


def _answer(truth: Truth) -> str:
    """The answer where nothing is amiss: not all can be told."""
    if truth.unmet is None:
        return "mixed with another" if truth.is_over else "not yet"
    return "yes" if truth.is_over else "yes, so far"


def _said(expected: Expected) -> str | None:
    parts = [
        *(f"no {unwanted(each)}".replace("no any", "no") for each in expected.never),
        *(f"no {quiet(each).removeprefix('a ')}" for each in expected.unnotified),
        *(f"no {each} finding" for each in expected.unfound),
        *(f"found {noticed(each)}" for each in expected.findings),
        *(f"refused as {reason}" for reason in expected.refused),
        *(f"dead letters {reason}" for reason in expected.dead_letters),
        *(f"marked {mark}" for mark in expected.marks),
    ]
    return ", ".join(parts) or None
