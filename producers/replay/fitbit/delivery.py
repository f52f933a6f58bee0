"""When the rows of a file came: in the file's order, as the watch told them.

A row whose time goes back came late: the watch told an hour again after a change of daylight-saving time, or put a
minute right that it had told before. It is played where it stands, received at the latest time so far. A time that is
over a day after the next row's was wrong, and moves nothing.
"""

import math
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from producers.replay.clock import LATE
from producers.replay.fitbit.source import Column
from producers.replay.table import Table


class Row(NamedTuple):
    """One value: the number of its row, its time by the file's own calendar, taken for UTC."""

    number: int
    at: datetime
    value: float


def delivered(table: Table, column: Column, skipped: Counter[str]) -> Iterator[tuple[datetime, Row]]:
    """The rows of a table with the time at which each was received, which never goes back."""
    received: datetime | None = None
    rows = _usable(table, column, skipped)
    row = next(rows, None)
    while row is not None:
        following = next(rows, None)
        is_wrong = following is not None and following.at < row.at - LATE
        if received is None or (row.at > received and not is_wrong):
            received = row.at
        yield received, row
        row = following


def _usable(table: Table, column: Column, skipped: Counter[str]) -> Iterator[Row]:
    owner = table.first[table.columns.index("user")]
    for number, fields in enumerate(table.rows("user", "datetime", column)):
        if fields is None:
            skipped["malformed-row"] += 1
            continue
        user, time, text = fields
        if user != owner:
            skipped["row-of-another"] += 1
            continue
        try:
            yield Row(number, _time(time), _number(text))
        except ValueError:
            skipped["malformed-row"] += 1


def _number(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def _time(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
