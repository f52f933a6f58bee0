"""Which files are whose: a table of heart rates and one of steps for each person, and the days when symptoms began."""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, NamedTuple

from msgspec import Struct

from producers.replay.table import Table, open_table
from producers.replay.unreadable import UnreadableRecordingError

Column = Literal["heartrate", "steps"]
COLUMNS: tuple[Column, ...] = ("heartrate", "steps")
_ENDINGS = (".csv", ".csv.zip", ".csv.gz")
_ONSETS = "onset.csv"


class Person(NamedTuple):
    """One person's tables by the column that they tell, and the day, at its start, when symptoms began, if known."""

    user: str
    tables: dict[Column, Table]
    onset: datetime | None


class Source(Struct, frozen=True):
    """The people in order of their names, and the table of onsets if there is one."""

    people: list[Person]
    onsets: Path | None


def read_source(paths: Sequence[Path], onsets: Path | None, skipped: Counter[str]) -> Source:
    """Reads every file once to its end, and holds none; raises UnreadableRecordingError."""
    files = [file for path in paths for file in (tables_in(path) if path.is_dir() else [path])]
    tables: dict[str, dict[Column, Table]] = {}
    for file in files:
        column, table = read_wearable(file)
        user = table.first[table.columns.index("user")]
        other = tables.setdefault(user, {}).setdefault(column, table)
        if other is not table:
            raise UnreadableRecordingError(f"{other.path} and {file} are both {column} of {user}: give one of them")
    if not tables:
        raise UnreadableRecordingError(f"{paths[0]} holds no {', '.join(_ENDINGS)}: give a folder of Fitbit's tables")
    found = onsets or _beside(paths)
    days = {} if found is None else dict(read_onsets(found))
    skipped.update("no-onset" for user in tables if user not in days)
    return Source([Person(user, tables[user], days.get(user)) for user in sorted(tables)], found)


def tables_in(folder: Path) -> list[Path]:
    """Every file of a folder that is a table by its name."""
    return sorted(file for file in folder.iterdir() if file.name.endswith(_ENDINGS) and file.name != _ONSETS)


def read_wearable(file: Path) -> tuple[Column, Table]:
    """A table and what it tells, read once to its end; raises UnreadableRecordingError."""
    table = open_table(file, ("user", "datetime"))
    column = next((column for column in COLUMNS if column in table.columns), None)
    if column is None:
        raise UnreadableRecordingError(f"{file} has no column heartrate or steps: give Fitbit's tables")
    if len(table.first) != len(table.columns):
        raise UnreadableRecordingError(f"{file} has no rows: leave it out")
    return column, table


def _beside(paths: Sequence[Path]) -> Path | None:
    folders = [path if path.is_dir() else path.resolve().parent for path in paths]
    return next((folder / _ONSETS for folder in folders if (folder / _ONSETS).exists()), None)


def read_onsets(table: Path) -> Iterator[tuple[str, datetime]]:
    """Who fell ill, and on which day; raises UnreadableRecordingError."""
    try:
        with table.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                if row["symptom_onset_date"]:
                    yield row["user"], datetime.fromisoformat(row["symptom_onset_date"]).replace(tzinfo=UTC)
    except (OSError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
        raise UnreadableRecordingError(
            f"{table} is not a table of onsets ({error!r}): give user, symptom_onset_date"
        ) from error
