"""Charts as SVG text for a page that needs nothing else: lines, and values with their intervals.

Lines differ in colour and in dash, so that none is told by colour alone. Values that are not finite are left out.
"""

import math
from collections.abc import Iterator, Sequence
from html import escape

from msgspec import Struct

Point = tuple[float, float]

_WIDTH, _HEIGHT = 620, 360
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 206, 34, 48
_ROW = 24
_NAMES = 190
_MOST_POINTS = 240
_STYLES = 8
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_TICKS = 5


class Axis(Struct, frozen=True):
    """What an axis tells, and from where to where."""

    title: str
    low: float = 0.0
    high: float = 1.0


class Line(Struct, frozen=True):
    """One named line; `has_marks` shows each of its points. A line without a name is a reference: thin and grey."""

    name: str
    points: Sequence[Point]
    has_marks: bool = False


class Interval(Struct, frozen=True):
    """One named value with its interval; without one it is a bare point."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None


class _Frame(Struct, frozen=True):
    """Where values lie on the paper."""

    x: Axis
    y: Axis
    width: int = _WIDTH
    height: int = _HEIGHT
    left: int = _LEFT
    right: int = _RIGHT

    def across(self, value: float) -> float:
        """How far right, in user units."""
        return _between(value, self.x, self.left, self.width - self.right)

    def down(self, value: float) -> float:
        """How far down, in user units."""
        return _between(value, self.y, self.height - _BOTTOM, _TOP)


def line_chart(title: str, x: Axis, y: Axis, lines: Sequence[Line]) -> str:
    """Lines over two axes, with a legend beside them."""
    frame = _Frame(x, y)
    body = [*_grid_across(frame), *_grid_down(frame), *_axis_titles(frame)]
    named = [line for line in lines if line.name]
    for line in lines:
        style = f"s{named.index(line) % _STYLES}" if line.name else "reference"
        body += _drawn(frame, line, style)
    for place, line in enumerate(named):
        body += _legend(frame, place, line.name)
    return _svg(title, frame, body)


def interval_chart(title: str, axis: Axis, rows: Sequence[Interval], reference: float | None = None) -> str:
    """One row a value, each with its interval, and a line at what they are to be held against."""
    height = _TOP + _BOTTOM + _ROW * len(rows)
    frame = _Frame(axis, Axis(""), width=_WIDTH, height=height, left=_NAMES, right=70)
    body = [*_grid_across(frame), _text(_middle(frame), height - 10, axis.title, "middle")]
    if reference is not None:
        body.append(
            _stroke([(frame.across(reference), _TOP), (frame.across(reference), height - _BOTTOM)], "reference")
        )
    for place, row in enumerate(rows):
        body += _row(frame, _TOP + _ROW * (place + 0.5), row)
    return _svg(title, frame, body)


def _row(frame: _Frame, y: float, row: Interval) -> Iterator[str]:
    yield _text(frame.left - 10, y + 4, row.name, "end")
    if not math.isfinite(row.value):
        yield _text(frame.left + 6, y + 4, "can't be told", "start")
        return
    if row.low is not None and row.high is not None:
        yield _stroke([(frame.across(row.low), y), (frame.across(row.high), y)], "s0 range")
    yield f'<circle class="s0 mark" cx="{frame.across(row.value):.1f}" cy="{y:.1f}" r="4"/>'
    yield _text(frame.width - frame.right + 12, y + 4, f"{row.value:.3g}", "start")


def _drawn(frame: _Frame, line: Line, style: str) -> Iterator[str]:
    finite = [(x, y) for x, y in line.points if math.isfinite(x) and math.isfinite(y)]
    places = [(frame.across(x), frame.down(y)) for x, y in _thinned(finite)]
    if places:
        yield _stroke(places, style)
    if line.has_marks:
        for across, down in places:
            yield f'<circle class="{style} mark" cx="{across:.1f}" cy="{down:.1f}" r="3"/>'


def _thinned(points: Sequence[Point]) -> Sequence[Point]:
    """Every so-manieth point, and the last: more than the eye can tell only makes the page heavy."""
    every = max(len(points) // _MOST_POINTS, 1)
    return [*points[:-1:every], *points[-1:]]


def _grid_across(frame: _Frame) -> Iterator[str]:
    bottom = frame.height - _BOTTOM
    for tick in _ticks(frame.x):
        across = frame.across(tick)
        yield _stroke([(across, _TOP), (across, bottom)], "grid")
        yield _text(across, bottom + 16, f"{tick:g}", "middle")


def _grid_down(frame: _Frame) -> Iterator[str]:
    for tick in _ticks(frame.y):
        down = frame.down(tick)
        yield _stroke([(frame.left, down), (frame.width - frame.right, down)], "grid")
        yield _text(frame.left - 8, down + 4, f"{tick:g}", "end")


def _axis_titles(frame: _Frame) -> Iterator[str]:
    yield _text(_middle(frame), frame.height - 10, frame.x.title, "middle")
    down = (_TOP + frame.height - _BOTTOM) / 2
    turned = f'transform="rotate(-90 16 {down:.1f})"'
    yield f'<text x="16" y="{down:.1f}" text-anchor="middle" {turned}>{escape(frame.y.title)}</text>'


def _legend(frame: _Frame, place: int, name: str) -> Iterator[str]:
    left, down = frame.width - frame.right + 14, _TOP + 10 + 20 * place
    yield _stroke([(left, down), (left + 26, down)], f"s{place % _STYLES}")
    yield _text(left + 32, down + 4, name, "start")


def _middle(frame: _Frame) -> float:
    return (frame.left + frame.width - frame.right) / 2


def _ticks(axis: Axis) -> Iterator[float]:
    """Round values within the axis, some five of them."""
    span = axis.high - axis.low
    size = 10.0 ** math.floor(math.log10(span / _TICKS))
    step = next(size * each for each in _STEPS if size * each * _TICKS >= span * 0.999)
    at = math.ceil(axis.low / step - 1e-9)
    while at * step <= axis.high * (1 + 1e-9) + 1e-12:
        yield round(at * step, 10)
        at += 1


def _between(value: float, axis: Axis, start: float, end: float) -> float:
    """Where a value lies between two places; what is beyond the axis lies at its end."""
    share = (value - axis.low) / (axis.high - axis.low)
    return start + min(max(share, 0.0), 1.0) * (end - start)


def _stroke(places: Sequence[Point], style: str) -> str:
    return f'<polyline class="{style}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in places)}"/>'


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _svg(title: str, frame: _Frame, body: Sequence[str]) -> str:
    told = escape(title)
    head = f'<text class="title" x="{frame.left}" y="20">{told}</text>'
    return (
        f'<svg role="img" aria-label="{escape(title, quote=True)}" viewBox="0 0 {frame.width} {frame.height}">'
        f"<title>{told}</title>{head}{''.join(body)}</svg>"
    )
