"""One patient's alerts under two policies on one axis of time, as SVG text: the first above, the second below.

Priorities differ in colour and in the letter that stands in the bar, so that none is told by colour alone.
"""

from collections.abc import Iterable, Sequence
from html import escape

from models.evaluation.alert_match import Span
from models.evaluation.alert_worth import Happened
from models.events import Priority
from models.instants import HOUR

_WIDTH, _LEFT, _RIGHT = 760, 96, 24
_ROW, _TOP, _GAP = 13, 30, 14
_LEAST = 9
_MOST_ROWS = 8
_COLOURS: dict[Priority, str] = {"high": "#b3261e", "medium": "#b36b00", "low": "#0072b2"}
_INK, _SOFT, _RULE = "#1b2530", "#5b6875", "#d9dfe5"
_EVENTS = {"death": ("death", "#000000"), "news2": ("NEWS2 of 7 or more", "#6a3d9a")}
_STEPS_HOURS = (1, 2, 6, 12, 24, 48, 168, 720, 8760)
_MOST_STEPS = 10

Lanes = Sequence[tuple[str, Sequence[Span]]]


def timeline(patient_id: str, lanes: Lanes, events: Sequence[Happened], span: tuple[int, int]) -> str:
    """The picture, from the first that was heard of the patient to the last, with a name and a description."""
    times = [each.at for _, spans in lanes for each in spans]
    since, until = min([span[0], *times]), max([span[1], *times, span[0] + HOUR])
    axis = _Axis(since, until)
    rows = [(name, _stacked(spans, axis)) for name, spans in lanes]
    heights = [max(min(len(stack), _MOST_ROWS), 1) * _ROW + _GAP for _, stack in rows]
    bottom = _TOP + sum(heights)
    drawn = [_grid(axis, bottom)]
    top = _TOP
    for (name, stack), height in zip(rows, heights, strict=True):
        drawn.append(_lane(name, stack, top, axis))
        top += height
    drawn += [_event(event, axis, bottom) for event in events]
    told = "; ".join(f"{name} {len(spans)} alerts" for name, spans in lanes)
    happened = ", ".join(f"{_EVENTS[e.kind][0]} after {(e.at - since) / HOUR:.1f} h" for e in events) or "no event"
    return (
        f'<svg viewBox="0 0 {_WIDTH} {bottom + 22}" role="img" xmlns="http://www.w3.org/2000/svg" '
        f'font-family="system-ui, sans-serif" font-size="11" fill="{_INK}">'
        f"<title>{escape(patient_id)}</title><desc>{escape(f'{told}; {happened}.')}</desc>"
        f'<text x="4" y="14" font-size="13" font-weight="600">{escape(patient_id)}</text>{"".join(drawn)}</svg>'
    )


class _Axis:
    """From instants to places."""

    def __init__(self, since: int, until: int) -> None:
        self.since, self.until = since, until
        self._scale = (_WIDTH - _LEFT - _RIGHT) / (until - since)

    def x(self, at: int) -> float:
        return round(_LEFT + (at - self.since) * self._scale, 1)

    @property
    def step(self) -> int:
        hours = (self.until - self.since) / HOUR
        return next((step for step in _STEPS_HOURS if hours / step <= _MOST_STEPS), _STEPS_HOURS[-1]) * HOUR


def _stacked(spans: Iterable[Span], axis: _Axis) -> list[list[Span]]:
    """Rows in which no two bars meet; what finds no place any more stands in the last."""
    rows: list[list[Span]] = []
    for span in sorted(spans, key=lambda each: (each.at, each.condition)):
        free = next((row for row in rows if _end(row[-1], axis) + 1 < axis.x(span.at)), None)
        if free is not None:
            free.append(span)
        elif len(rows) < _MOST_ROWS:
            rows.append([span])
        else:
            rows[-1].append(span)
    return rows


def _end(span: Span, axis: _Axis) -> float:
    until = axis.until if span.until is None else min(span.until, axis.until)
    return max(axis.x(until), axis.x(span.at) + _LEAST)


def _lane(name: str, rows: Sequence[Sequence[Span]], top: int, axis: _Axis) -> str:
    bars = [_bar(span, top + number * _ROW, axis) for number, row in enumerate(rows) for span in row]
    shown = name if len(name) <= 14 else f"{name[:13]}…"
    return (
        f'<text x="4" y="{top + 9}" fill="{_SOFT}"><title>{escape(name)}</title>{escape(shown)}</text>{"".join(bars)}'
    )


def _bar(span: Span, top: int, axis: _Axis) -> str:
    """One alert: from each call to the next in the colour of its priority."""
    places = [*(axis.x(at) for at, _ in span.calls), _end(span, axis)]
    parts = [
        _part(left, max(right - left, 0.0), top, priority)
        for left, right, (_, priority) in zip(places, places[1:], span.calls, strict=False)
    ]
    told = f"{span.kind}, {span.priority}, after {(span.at - axis.since) / HOUR:.1f} h: {span.reason}"
    return f"<g><title>{escape(told)}</title>{''.join(parts)}</g>"


def _part(left: float, width: float, top: int, priority: Priority) -> str:
    return (
        f'<rect x="{left}" y="{top}" width="{round(width, 1)}" height="{_ROW - 2}" rx="1.5" '
        f'fill="{_COLOURS[priority]}"/>'
        f'<text x="{left + 1.5:.1f}" y="{top + 9}" font-size="9" fill="#fff">{priority[0].upper()}</text>'
    )


def _grid(axis: _Axis, bottom: int) -> str:
    lines = []
    for at in range(axis.since, axis.until + 1, axis.step):
        x = axis.x(at)
        lines.append(
            f'<line x1="{x}" y1="{_TOP - 6}" x2="{x}" y2="{bottom}" stroke="{_RULE}"/>'
            f'<text x="{x}" y="{bottom + 14}" text-anchor="middle" fill="{_SOFT}">{(at - axis.since) // HOUR} h</text>'
        )
    return "".join(lines)


def _event(event: Happened, axis: _Axis, bottom: int) -> str:
    name, colour = _EVENTS[event.kind]
    x = axis.x(event.at)
    anchor = "end" if x > _WIDTH * 0.7 else "start"
    return (
        f'<g><title>{name}</title><line x1="{x}" y1="{_TOP - 8}" x2="{x}" y2="{bottom}" stroke="{colour}" '
        f'stroke-width="1.6" stroke-dasharray="{"none" if event.kind == "death" else "4 3"}"/>'
        f'<text x="{x}" y="{_TOP - 11}" text-anchor="{anchor}" fill="{colour}">{name}</text></g>'
    )
