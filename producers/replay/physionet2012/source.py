"""Where the stays lie: the set's archive or a folder of its files, and the outcomes beside it."""

import csv
import tarfile
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct


class UnreadableSource(Exception):
    """The recording can't be read; the message says which file and what to do."""


class Source(Struct, frozen=True):
    """The stays as they lie, by RecordID, and in-hospital death for each that it is known of (empty: none told)."""

    stays: dict[int, bytes]
    died: dict[int, bool]
    outcomes: list[Path]


def read_source(path: Path, outcomes: Path | None, skipped: Counter[str]) -> Source:
    """Reads the files of all stays, not yet parsed: the archive is unsorted, so none can go before the last is seen."""
    if not path.exists():
        raise UnreadableSource(f"{path} does not exist: give the challenge's tar.gz or a folder of its .txt files")
    files = _folder(path) if path.is_dir() else _archive(path)
    stays = dict(sorted(_numbered(files, skipped)))
    if not stays:
        raise UnreadableSource(f"{path} holds no stay: give the challenge's tar.gz or a folder of its .txt files")
    tables = [outcomes] if outcomes else _outcomes_beside(path)
    return Source(stays, {record: died for table in tables for record, died in _read_outcomes(table)}, tables)


def _folder(path: Path) -> Iterator[tuple[str, bytes]]:
    for file in sorted(path.glob("*.txt")):
        yield file.name, file.read_bytes()


def _archive(path: Path) -> Iterator[tuple[str, bytes]]:
    count = 0
    try:
        with tarfile.open(path, "r|*") as archive:
            for member in archive:
                content = archive.extractfile(member)
                if content is not None and member.name.endswith(".txt"):
                    yield Path(member.name).name, content.read()
                    count += 1
    except (tarfile.TarError, EOFError, zlib.error, OSError) as error:
        raise UnreadableSource(f"{path} ends or breaks after {count} stays ({error}): fetch it again") from error


def _numbered(files: Iterator[tuple[str, bytes]], skipped: Counter[str]) -> Iterator[tuple[int, bytes]]:
    for name, content in files:
        if name.startswith("Outcomes"):
            continue
        stem = name.removesuffix(".txt")
        if not (stem.isascii() and stem.isdigit()):
            skipped["unreadable-file"] += 1
            continue
        yield int(stem), content


def _outcomes_beside(path: Path) -> list[Path]:
    inside = sorted(path.glob("Outcomes-*.txt")) if path.is_dir() else []
    return inside or sorted(path.resolve().parent.glob("Outcomes-*.txt"))


def _read_outcomes(table: Path) -> Iterator[tuple[int, bool]]:
    try:
        with table.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                if row["In-hospital_death"] in {"0", "1"}:
                    yield int(row["RecordID"]), row["In-hospital_death"] == "1"
    except (OSError, UnicodeDecodeError, KeyError, ValueError) as error:
        raise UnreadableSource(f"{table} is not a table of outcomes ({error!r}): see --outcomes") from error
