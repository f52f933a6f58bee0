"""The tables of docs/backtest.md, from what `vigil backtest --policy ... --json` printed, kept in docs/backtest."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from vigil.docs.table import table
from vigil.evaluation.page import Table
from vigil.policy_backtest.report import PolicyReport
from vigil.policy_backtest.tables import burden_table, difference_table, summary_table

_FOLDER = "docs/backtest"
_UNTOLD = "-"


def sides(name: str) -> Callable[[Path], str]:
    """What alerts cost and what they are worth, a column a side."""
    return lambda root: _markdown(summary_table(_read(root, name)))


def burden(name: str) -> Callable[[Path], str]:
    """Alarm burden, a column a policy."""
    return lambda root: _markdown(burden_table(_read(root, name)))


def differences(name: str) -> Callable[[Path], str]:
    """Where the two policies that are compared differ."""
    return lambda root: _markdown(difference_table(_read(root, name).comparison))


def _markdown(told: Table) -> str:
    """The rows of which a run told anything: one of before a figure was told has none of it."""
    rows = [[cell.strip() for cell in row] for row in told.rows]
    return table(told.heads, [row for row in rows if set(row[1:]) != {_UNTOLD}])


def _read(root: Path, name: str) -> PolicyReport:
    return msgspec.json.decode((root / _FOLDER / f"{name}.json").read_bytes(), type=PolicyReport)
