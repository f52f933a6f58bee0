"""The course of one patient as the page draws it, from the spans that are kept."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from consumers.ward.past.form import DAY, HOUR, MINUTE, SECOND, Fineness, Rows
from consumers.ward.past.patient import UNKNOWN, PatientHistory
from consumers.ward.past.spans import Spans
from consumers.ward.views.course import Line, RiskLine, ScoreLine
from models.instants import HOUR as HOUR_IN_MICROSECONDS
from models.risk.labels import HORIZON
from models.scores.news2 import PARTS
from models.vital_signs import SIGNS, VitalSign

_STEPS = (
    *(count * SECOND for count in (5, 10, 30)),
    *(count * MINUTE for count in (1, 2, 5, 10, 15, 30)),
    *(count * HOUR for count in (1, 2, 6, 12)),
    DAY,
)
_RISK_HOURS = HORIZON / HOUR_IN_MICROSECONDS
_ORDER = {code: place for place, code in enumerate(SIGNS)}
_BEFORE_ALL = -(2**60)
_MOST_DIGITS = 6  # As many as four bytes hold of any number.


class Window:
    """A time, in milliseconds since 1970, and the spans of `step` in which it is told."""

    def __init__(self, since: int, until: int, step: int) -> None:
        self.since = since
        self.until = until
        self.step = step

    def rows(self, kept: Spans) -> Rows:
        """The spans of the window, as fine as they are kept."""
        return kept.rows(self.since // self.step * self.step, self.until // self.step * self.step + self.step - 1)

    def firsts(self, rows: Rows) -> NDArray[Any]:
        """The places at which the spans of the window begin in rows that are in the order of time."""
        spans = rows["at"] // self.step
        return np.flatnonzero(np.diff(spans, prepend=spans[:1] - 1))


def step_for(since: int, until: int, spans: int, fineness: Fineness) -> int:
    """The round step of which at most so many cover a time, in milliseconds; never finer than what is kept."""
    least = max(-(-(until - since) // max(spans - 1, 1)), fineness.step)
    found = next((step for step in _STEPS if step >= least and step % fineness.step == 0), None)
    return -(-least // DAY) * DAY if found is None else found


class Told(NamedTuple):
    """What the spans of a patient tell of a window."""

    lines: list[Line]
    score: ScoreLine
    risks: list[RiskLine]


def told_of(known: PatientHistory, number: int, window: Window) -> Told:
    """All lines of a window by the spans of one fineness; signs stand in the order in which they are known."""
    lines = [
        _value_line(SIGNS[code], kept[number], known.usual.get(code), window) for code, kept in known.values.items()
    ]
    risks = [
        _risk_line(kept[number], hours, window)
        for kept, hours in ((known.risk, _RISK_HOURS), (known.stay_risk, None))
        if kept
    ]
    return Told(
        lines=sorted((line for line in lines if line is not None), key=lambda line: _ORDER[line.code]),
        score=_score_line(known.score[number] if known.score else None, window),
        risks=[line for line in risks if line is not None],
    )


def _value_line(sign: VitalSign, kept: Spans, usual: Spans | None, window: Window) -> Line | None:
    """The course of a sign; None where it has no value in the window."""
    rows = window.rows(kept)
    if not len(rows):
        return None
    firsts = window.firsts(rows)
    newest = rows[np.append(firsts[1:], len(rows)) - 1]
    if sign.letters:
        return _word_line(sign, rows, firsts, newest, window)
    band = _usual_at(usual, newest["at"], window)
    return Line(
        code=sign.code,
        title=sign.title,
        unit=sign.unit,
        at=_seconds(newest["at"]),
        least=_numbers(np.minimum.reduceat(rows["least"], firsts)),
        most=_numbers(np.maximum.reduceat(rows["most"], firsts)),
        newest=_numbers(newest["newest"]),
        usual=[each[0] for each in band],
        spread=[each[1] for each in band],
        texts=[],
    )


def _word_line(sign: VitalSign, rows: Rows, firsts: NDArray[Any], newest: Rows, window: Window) -> Line:
    """The course of a sign whose values are words; a span that was worse than its newest tells the worse first."""
    at: list[float] = []
    texts: list[str] = []
    for row, worst in zip(newest, np.maximum.reduceat(rows["most"], firsts), strict=True):
        if worst > row["newest"]:
            at.append(int(row["at"]) // window.step * window.step / SECOND)
            texts.append(sign.letters[int(worst)])
        at.append(int(row["at"]) / SECOND)
        texts.append(sign.letters[int(row["newest"])])
    none: list[float | None] = [None] * len(at)
    return Line(
        code=sign.code,
        title=sign.title,
        unit=sign.unit,
        at=at,
        least=[],
        most=[],
        newest=[],
        usual=none,
        spread=none,
        texts=texts,
    )


def _usual_at(usual: Spans | None, at: NDArray[Any], window: Window) -> list[tuple[float | None, float | None]]:
    """What was usual at each time: as last told in the span of that time, else as it was told before."""
    rows = None if usual is None else usual.rows(_BEFORE_ALL, window.until)
    if usual is None or rows is None or not len(rows):
        return [(None, None)] * len(at)
    places = np.searchsorted(rows["at"] // usual.step * usual.step, at, side="right") - 1
    means, spreads = _numbers(rows["usual"]), _numbers(rows["spread"])
    return [(None, None) if place < 0 else (means[place], spreads[place]) for place in places.tolist()]


def _score_line(kept: Spans | None, window: Window) -> ScoreLine:
    """The course of NEWS2 and its parts."""
    rows = _newest(kept, window)
    if rows is None:
        return ScoreLine(at=[], known=[], most=[], parts={name: [] for name in PARTS})
    return ScoreLine(
        at=_seconds(rows["at"]),
        known=_points(rows["known"]),
        most=_points(rows["most"]),
        parts={name: _points(rows[name]) for name in PARTS},
    )


def _risk_line(kept: Spans | None, hours: float | None, window: Window) -> RiskLine | None:
    """The course of a risk; None where none was told in the window."""
    rows = _newest(kept, window)
    if rows is None:
        return None
    return RiskLine(hours=hours, at=_seconds(rows["at"]), probability=_numbers(rows["probability"]))


def _newest(kept: Spans | None, window: Window) -> Rows | None:
    """The newest row of each span of the window; None where there is none."""
    rows = None if kept is None else window.rows(kept)
    if rows is None or not len(rows):
        return None
    newest: Rows = rows[np.append(window.firsts(rows)[1:], len(rows)) - 1]
    return newest


def _seconds(at: NDArray[Any]) -> list[float]:
    return [each / SECOND for each in at.tolist()]


def _numbers(values: NDArray[Any]) -> list[float]:
    """Numbers as they were before they took four bytes."""
    return [float(f"{value:.{_MOST_DIGITS}g}") for value in values.tolist()]


def _points(values: NDArray[Any]) -> list[int | None]:
    return [None if number == UNKNOWN else number for number in values.tolist()]
