"""The report as people read it, and what to do next."""

import textwrap

from vigil.demo.promises import promises
from vigil.demo.report import ByKind, Report

_WIDTH = 118
_ENDINGS = {"stopped": "you stopped it", "duration": "its time is over"}
_NEXT = (
    ("vigil demo", "a simulated ward whose patients fall ill, also by your own hand"),
    ("vigil demo --scripted", "every scenario in one shift, each alert held against what must come"),
    ("vigil demo --recorded", "twenty real, de-identified stays"),
    ("vigil replay sample --json", "those stays as fast as they go, every record accounted for"),
    (
        "vigil replay physionet2012 set-a.tar.gz",
        "4,000 stays, from https://physionet.org/content/challenge-2012/1.0.0/",
    ),
    ("vigil replay events events.jsonl", "your own recording, one JSON object a line"),
    ("vigil broker, vigil worker", "a broker and workers that stay, for a live feed"),
)


def summary(report: Report, closing: str) -> str:
    """A few aligned lines; `closing` says how it ends when nobody ends it."""
    version = report.model_version
    rows = [
        ("ended", f"after {report.seconds:.0f} s: {_ENDINGS.get(report.ended, closing)}"),
        ("first assessment", _first(report)),
        ("patients", f"{report.patients}"),
        ("published", f"{report.published:,} records ({report.measurements:,} measurements), {report.ticks:,} ticks"),
        ("readings", f"{report.readings:,}"),
        ("processed", f"{report.processed:,} records; missing {report.missing:,}, doubled {report.doubled:,}"),
        ("assessments", f"{report.assessments:,}"),
        ("alerts raised", f"{_said(report.raised)}; each once, at its highest priority"),
        ("of these", f"{report.told:,} notified, {_total(report.raised) - report.told:,} evidence of another alert"),
        ("notifications", f"{_said(report.notified)}; each at its priority then"),
        ("of these", f"{report.told:,} first ones, {_total(report.notified) - report.told:,} repeated ones"),
        ("recommendations", f"{report.recommendations:,}"),
        *([] if version is None else [("learned risk", f"version {version} foretold in the shadow at the end")]),
        ("dead letters", ", ".join(f"{why} {count}" for why, count in report.dead_letters.items()) or "none"),
    ]
    told = [line for what, said in rows for line in _wrapped(f"  {what:<17} {said}")]
    follows = [f"  {command:<41} {what}" for command, what in _NEXT]
    scenarios = (
        ["", "What the scenarios promised", promises(report.scenarios, report.places)] if report.scenarios else []
    )
    return "\n".join(["What Vigil did", *told, *scenarios, "", "What to do next", *follows])


def _wrapped(line: str) -> list[str]:
    return textwrap.wrap(line, _WIDTH, subsequent_indent=" " * 20, break_on_hyphens=False)


def _first(report: Report) -> str:
    seconds = report.first_assessment_seconds
    return "none came" if seconds is None else f"on screen {seconds:.1f} s after the start"


def _total(counts: ByKind) -> int:
    return sum(sum(by_priority.values()) for by_priority in counts.values())


def _said(counts: ByKind) -> str:
    kinds = [
        f"{kind} {', '.join(f'{count} {priority}' for priority, count in by_priority.items())}"
        for kind, by_priority in counts.items()
    ]
    return f"{_total(counts):,} ({'; '.join(kinds)})" if kinds else "none"
