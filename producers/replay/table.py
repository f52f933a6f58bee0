"""A table as recordings bring it: CSV, plain, in gzip, or alone in a zip; read row by row, never held."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from operator import itemgetter
from pathlib import Path
from typing import IO

from msgspec import Struct

from producers.replay.unreadable import UnreadableRecordingError

_GZIP, _ZIP = b"\x1f\x8b", b"PK"
_BROKEN = (gzip.BadGzipFile, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError)  # the last: a zip with a password


class Table(Struct, frozen=True):
    """A table that could be read to its end: its columns, and its first row (empty: it has none)."""

    path: Path
    columns: list[str]
    first: list[str]

    def rows(self, *columns: str) -> Iterator[tuple[str, ...] | None]:
        """Those columns, at least two, of each row in the file's order; None for a row of another length."""
        pick = itemgetter(*(self.columns.index(column) for column in columns))
        width = len(self.columns)
        rows = _read(self.path)
        next(rows)
        for row in rows:
            yield pick(row) if len(row) == width else None


def open_table(path: Path, wanted: Sequence[str]) -> Table:
    """Reads a table once to its end, so that it does not break while it is played; raises UnreadableRecordingError."""
    rows = _read(path)
    columns, first = next(rows, []), next(rows, [])
    if not set(wanted) <= set(columns):
        raise UnreadableRecordingError(f"{path} has no columns {', '.join(wanted)}: give the file as it was fetched")
    for _ in rows:
        pass
    return Table(path, columns, first)


def _read(path: Path) -> Iterator[list[str]]:
    """Every line as its fields; none may hold a comma."""
    try:
        with _opened(path) as file, io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace") as text:
            for line in text:
                yield line.replace('"', "").rstrip().split(",")
    except _BROKEN as error:
        raise UnreadableRecordingError(f"{path} ends or breaks ({error}): fetch it again") from error
    except OSError as error:
        raise UnreadableRecordingError(f"{path} can't be read ({error.strerror}): give the file as fetched") from error


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes] | gzip.GzipFile]:
    with path.open("rb") as file:
        magic = file.read(2)
        file.seek(0)
        if magic == _GZIP:
            with gzip.GzipFile(fileobj=file) as unpacked:
                yield unpacked
        elif magic == _ZIP:
            with zipfile.ZipFile(file) as archive, archive.open(_only_table(archive)) as member:
                yield member
        else:
            yield file


def _only_table(archive: zipfile.ZipFile) -> str:
    tables = [name for name in archive.namelist() if name.endswith(".csv") and not name.startswith("__MACOSX/")]
    if len(tables) != 1:
        raise zipfile.BadZipFile(f"it holds {len(tables)} tables, not one")
    return tables[0]
