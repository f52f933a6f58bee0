"""How spans of time are kept: how long they are, and what stands in each.

Times are whole milliseconds.
"""

from collections.abc import Callable
from struct import Struct as Layout
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Row = tuple[float, ...]
Rows = NDArray[Any]  # A structured array: `at` in milliseconds since 1970, then the columns of its form.

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class Fineness(NamedTuple):
    """Spans of `step`, kept for as long as `kept` in pages of `page`: a whole number of steps, in milliseconds."""

    step: int
    page: int
    kept: int


class Form:
    """What a span keeps: columns behind the time of its newest value, and how two rows of one span become one.

    `merged` gets the earlier row and the later one. Where `is_thin` holds for all rows of a page, its last column is
    all that is kept of them: a page of spans with one value each takes half.
    """

    def __init__(
        self,
        columns: str,
        names: tuple[str, ...],
        merged: Callable[[Row, Row], Row],
        is_thin: Callable[[Row], bool] | None = None,
    ) -> None:
        self.names = names
        self.merged = merged
        self.is_thin = is_thin
        self.layout = Layout(f"<I{columns}")
        self.thin = Layout(f"<I{columns[-1]}")
        kinds = [f"<{'u1' if column == 'B' else 'f4'}" for column in columns]
        self.whole_type = np.dtype([("at", "<u4"), *zip(names, kinds, strict=True)])
        self.thin_type = np.dtype([("at", "<u4"), (names[-1], kinds[-1])])
        self.read_type = np.dtype([("at", "<i8"), *zip(names, kinds, strict=True)])


def _newer(_earlier: Row, later: Row) -> Row:
    return later


def _spread(earlier: Row, later: Row) -> Row:
    least, most, _ = earlier
    low, high, newest = later
    return (min(least, low), max(most, high), newest)


def _is_one_value(row: Row) -> bool:
    return row[0] == row[1] == row[2]


VALUES = Form("fff", ("least", "most", "newest"), _spread, _is_one_value)


def newest_form(columns: str, names: tuple[str, ...]) -> Form:
    """A form of which a span keeps the newest row alone."""
    return Form(columns, names, _newer)
