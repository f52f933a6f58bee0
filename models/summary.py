"""What one code of one patient has been since admission, in windows of 12 h, however often it was measured.

A history keeps the last 64 values. Before a value could fall out of it, the values are counted into windows, some
dozens at once, so that a stream that sends each second costs little; a code that is measured seldom has no windows at
all, for its history tells everything.
"""

import struct
from bisect import bisect_right
from collections.abc import Sequence
from operator import mul

from msgspec import Struct

from models.history import KEPT, History
from models.instants import HOUR

WINDOW = 12 * HOUR
WINDOWS = 4
"""So many windows are kept: the last 48 h."""

COUNT_EVERY = KEPT * 3 // 4
"""After so many values of a code they are counted in; the history holds all of them then, and some that came before."""

_HEAD = struct.Struct("<qif")
_SPAN = struct.Struct("<8f")


class Span(Struct, frozen=True, gc=False):
    """Some values of one code: how many, their mean and extremes, and their sums of squares around the means.

    Times are hours since admission; `across` is the sum of the products of both distances from the means.
    """

    count: float
    mean: float
    squares: float
    lowest: float
    highest: float
    hour: float
    hour_squares: float
    across: float

    @property
    def slope(self) -> float | None:
        """By how much an hour the values rise (least squares); None for values of one time."""
        return self.across / self.hour_squares if self.hour_squares > 0 else None

    def joined(self, other: "Span") -> "Span":
        """Both together."""
        count = self.count + other.count
        part, apart, away = other.count / count, other.mean - self.mean, other.hour - self.hour
        weight = self.count * part
        return Span(
            count,
            self.mean + apart * part,
            self.squares + other.squares + apart * apart * weight,
            min(self.lowest, other.lowest),
            max(self.highest, other.highest),
            self.hour + away * part,
            self.hour_squares + other.hour_squares + away * away * weight,
            self.across + other.across + apart * away * weight,
        )


class Summary(Struct, gc=False):
    """Up to which time values are counted, the number of the newest window, the first value, the windows in a ring."""

    until: int
    newest: int
    first: float
    ring: list[Span | None]


Windows = dict[int, Span]
"""Spans by the number of their window, 0 for the first 12 h after admission."""


def window_at(at: int, admitted: int) -> int:
    """The number of the window in which a time lies: (0, 12 h] after admission is 0, and so is all before."""
    return max(at - admitted - 1, 0) // WINDOW


def span_of(times: Sequence[int], values: Sequence[float], admitted: int) -> Span:
    """The values of one window or less; at least one."""
    count, first, start = len(values), values[0], times[0]
    apart = [value - first for value in values]  # from the first, so that little is lost when squares are subtracted
    hours = [(time - start) / HOUR for time in times]
    mean, hour = sum(apart) / count, sum(hours) / count
    return Span(
        count,
        first + mean,
        max(sum(map(mul, apart, apart)) - mean * mean * count, 0.0),
        min(values),
        max(values),
        (start - admitted) / HOUR + hour,
        max(sum(map(mul, hours, hours)) - hour * hour * count, 0.0),
        sum(map(mul, apart, hours)) - mean * hour * count,
    )


def windows_of(times: Sequence[int], values: Sequence[float], admitted: int) -> Windows:
    """Values in time order, each in its window."""
    found: Windows = {}
    start = 0
    while start < len(times):
        number = window_at(times[start], admitted)
        end = bisect_right(times, admitted + (number + 1) * WINDOW, start)
        found[number] = span_of(times[start:end], values[start:end], admitted)
        start = end
    return found


def counted(packed: bytes, history: History, admitted: int) -> bytes:
    """The summary with those values of a history that are not in it yet.

    A value that comes only after later ones were counted is not counted any more; it stays in the history.
    """
    times, values = _uncounted(packed, history, admitted)
    if not times:
        return packed
    summary = unpack(packed) if packed else Summary(0, 0, values[0], [None] * WINDOWS)
    for number, span in windows_of(times, values, admitted).items():
        for passed in range(max(summary.newest + 1, number - WINDOWS + 1), number + 1):
            summary.ring[passed % WINDOWS] = None
        before = summary.ring[number % WINDOWS]
        summary.ring[number % WINDOWS] = span if before is None else before.joined(span)
        summary.newest = number
    summary.until = times[-1]
    return pack(summary)


def course_of(packed: bytes, history: History, admitted: int) -> tuple[float, Windows] | None:
    """The first value since admission and the windows of the 48 h up to the newest; None when nothing was measured."""
    times, values = _uncounted(packed, history, admitted)
    found = windows_of(times, values, admitted)
    if not packed:
        return (values[0], _last(found)) if times else None
    summary = unpack(packed)
    for number in range(max(summary.newest - WINDOWS + 1, 0), summary.newest + 1):
        span = summary.ring[number % WINDOWS]
        if span is not None:
            found[number] = span.joined(found[number]) if number in found else span
    return summary.first, _last(found)


def _last(windows: Windows) -> Windows:
    """The last of them, in order."""
    return {number: windows[number] for number in sorted(windows) if number > max(windows) - WINDOWS}


def _uncounted(packed: bytes, history: History, admitted: int) -> tuple[Sequence[int], Sequence[float]]:
    """Times and values of what was measured since admission and is not counted yet."""
    return history.after(_HEAD.unpack_from(packed)[0] if packed else admitted - 1)


def pack(summary: Summary) -> bytes:
    """A summary in few bytes, to keep many of them: floats of 4 bytes, a count of 0 where a window has nothing."""
    empty = bytes(_SPAN.size)
    return _HEAD.pack(summary.until, summary.newest, summary.first) + b"".join(
        empty
        if span is None
        else _SPAN.pack(
            span.count,
            span.mean,
            span.squares,
            span.lowest,
            span.highest,
            span.hour,
            span.hour_squares,
            span.across,
        )
        for span in summary.ring
    )


def unpack(packed: bytes) -> Summary:
    """The summary again; raises struct.error on bytes of another length."""
    until, newest, first = _HEAD.unpack_from(packed)
    spans = [Span(*numbers) for numbers in _SPAN.iter_unpack(packed[_HEAD.size :])]
    return Summary(until, newest, first, [span if span.count else None for span in spans])
