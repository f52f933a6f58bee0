"""Where the stays lie: the set's archive or a folder of its files, and the outcomes beside it."""

import csv
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from producers.replay.physionet2012.stay import is_stay
from producers.replay.unreadable import UnreadableRecordingError

_DIED = {"0": False, "1": True}


class UnreadableSource(UnreadableRecordingError):
    """The recording can't be read; the message says which file and what to do."""


class Source(Struct, frozen=True):
    """The stays as they lie, by RecordID, and in-hospital death for each that it is known of (empty: none told).

    `unreadable` names the files that are no stay, or could not be read; `untold` are the RecordIDs of rows that say
    nothing of death, as -1 does.
    """

    stays: dict[int, bytes]
    died: dict[int, bool]
    outcomes: list[Path]
    unreadable: list[str]
    untold: list[int]


def read_source(path: Path, outcomes: Path | None) -> Source:
    """Reads the files of all stays, not yet parsed: the archive is unsorted, so none can go before the last is seen."""
    if not path.exists():
        raise UnreadableSource(f"{path} does not exist: give the challenge's tar.gz or a folder of its .txt files")
    files = _folder(path) if path.is_dir() else _archive(path)
    unreadable: list[str] = []
    stays = dict(sorted(_numbered(files, unreadable)))
    if not stays:
        raise UnreadableSource(f"{path} holds no stay: give the challenge's tar.gz or a folder of its .txt files")
    tables = [outcomes] if outcomes else _outcomes_beside(path)
    rows = {record: died for table in tables for record, died in _read_outcomes(table)}
    died = {record: told for record, told in rows.items() if told is not None}
    return Source(stays, died, tables, unreadable, sorted(rows.keys() - died.keys()))


def _folder(path: Path) -> Iterator[tuple[str, bytes | None]]:
    """The files of a folder or, where no stay lies in it, of the sets in it; nothing for one that can't be read."""
    inside = sorted(path.glob("*.txt"))
    has_stays = any(_record(file.name) is not None for file in inside)
    for file in inside if has_stays else sorted(path.glob("set-*/*.txt")) or inside:
        try:
            content = file.read_bytes()
        except OSError:
            yield str(file.relative_to(path)), None
        else:
            yield str(file.relative_to(path)), content


def _archive(path: Path) -> Iterator[tuple[str, bytes]]:
    count = 0
    try:
        with tarfile.open(path, "r|*") as archive:
            for member in archive:
                content = archive.extractfile(member)
                if content is not None and member.name.endswith(".txt"):
                    yield member.name, content.read()
                    count += 1
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        raise UnreadableSource(f"{path} ends or breaks after {count} stays ({error}): fetch it again") from error


def _numbered(files: Iterable[tuple[str, bytes | None]], unreadable: list[str]) -> Iterator[tuple[int, bytes]]:
    for name, content in files:
        if Path(name).name.startswith("Outcomes"):
            continue
        record = _record(name)
        if record is None or content is None or not is_stay(content):
            unreadable.append(name)
        else:
            yield record, content


def _record(name: str) -> int | None:
    """The RecordID that a file is named after."""
    stem = Path(name).stem
    return int(stem) if stem.isascii() and stem.isdigit() else None


def _outcomes_beside(path: Path) -> list[Path]:
    inside = sorted(path.glob("Outcomes-*.txt")) if path.is_dir() else []
    return inside or sorted(path.resolve().parent.glob("Outcomes-*.txt"))


def _read_outcomes(table: Path) -> Iterator[tuple[int, bool | None]]:
    """Each row's RecordID and whether that patient died in hospital, None where the row does not say."""
    try:
        with table.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                yield int(row["RecordID"]), _DIED.get(row["In-hospital_death"])
    except (OSError, UnicodeDecodeError, KeyError, ValueError) as error:
        raise UnreadableSource(
            f"{table} is not a table of outcomes ({error!r}): it needs the columns RecordID and In-hospital_death"
        ) from error
