"""Series in the layout of the Numenta Anomaly Benchmark through the detector, and their scores in its layout."""

import csv
import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from msgspec import Struct

from models.detectors.time_series import TimeSeries
from models.evaluation.nab import PROFILES, Series, Standing, standing
from models.instants import instant_of
from producers.replay.unreadable import UnreadableRecordingError

DETECTOR = "vigil"
_COLUMNS = ("timestamp", "value")
_HEADER = ("timestamp", "value", "anomaly_score", "label")

Labels = dict[str, list[tuple[str, str]]]


class FileReport(Struct, frozen=True, kw_only=True):
    """One file: its rows, its windows, and what stood out most, with what it was held against."""

    rows: int
    windows: int
    most_surprising: str | None
    driver: str | None
    value: float | None
    usual: float | None


class AnomalyReport(Struct, frozen=True, kw_only=True):
    """What `vigil evaluate anomaly` tells; `standing` is by our reading of the rule, at the best threshold."""

    files: int
    rows: int
    windows: int
    standing: dict[str, Standing]
    by_category: dict[str, Standing]
    results: str | None
    by_file: dict[str, FileReport]
    left_out: dict[str, str]
    skipped: dict[str, int]


class _Row(NamedTuple):
    time: str
    text: str
    at: int | None
    value: float | None


class JudgedFile(Struct, frozen=True):
    """A file by its name in the benchmark: its rows as they were, their scores and windows, what stood out."""

    name: str
    rows: list[_Row]
    series: Series
    report: FileReport

    @property
    def category(self) -> str:
        """The folder that it lies in."""
        return self.name.rpartition("/")[0] or "."


def read_labels(file: Path) -> Labels:
    """The windows of each file, by its name; raises UnreadableRecordingError."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Labels)
    except OSError as error:
        raise UnreadableRecordingError(
            f"{file} can't be read ({error.strerror}): give combined_windows.json"
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnreadableRecordingError(
            f"{file} is no table of windows ({error}): give combined_windows.json"
        ) from error


def judge_files(
    folder: Path, labels: Labels, left_out: dict[str, str], skipped: Counter[str], tell: Callable[[int], None]
) -> Iterator[JudgedFile]:
    """Every file below the folder, each with a detector of its own; raises UnreadableRecordingError for none.

    Why a file was left out is put into `left_out` by its name.
    """
    root = folder / "data" if (folder / "data").is_dir() else folder
    names = sorted(file.relative_to(root).as_posix() for file in root.rglob("*.csv") if file.is_file())
    if not names:
        raise UnreadableRecordingError(f"{folder} holds no .csv: give the benchmark's folder of data")
    skipped.update("labels-of-unknown-file" for name in labels if name not in names)
    rows_seen = 0
    for name in names:
        try:
            rows = _read(root / name, skipped)
        except _NoSeries as why:
            left_out[name] = str(why)
            continue
        rows_seen += len(rows)
        skipped.update(["file-without-labels"] if name not in labels else [])
        yield _judge(name, rows, labels.get(name, []), skipped)
        tell(rows_seen)


def report(
    found: list[JudgedFile], results: Path | None, left_out: dict[str, str], skipped: Counter[str]
) -> AnomalyReport:
    """The figures of all files together, and by category on the standard profile."""
    corpus = [file.series for file in found]
    categories = sorted({file.category for file in found})
    return AnomalyReport(
        files=len(found),
        rows=sum(len(file.rows) for file in found),
        windows=sum(len(series.windows) for series in corpus),
        standing={name: standing(corpus, profile) for name, profile in PROFILES.items()},
        by_category={
            category: standing([file.series for file in found if file.category == category], PROFILES["standard"])
            for category in categories
        },
        results=None if results is None else str(results / DETECTOR),
        by_file={file.name: file.report for file in found},
        left_out=left_out,
        skipped=dict(sorted(skipped.items())),
    )


def results_of(file: JudgedFile) -> tuple[Path, str]:
    """Where the benchmark looks for a file's results below its own folder of results, and what is to stand there."""
    path = Path(file.name)
    inside = np.zeros(len(file.rows), dtype=int)
    for left, right in file.series.windows:
        inside[left : right + 1] = 1
    lines = [",".join(_HEADER)] + [
        f"{row.time},{row.text},{score!r},{label}"
        for row, score, label in zip(file.rows, file.series.scores.tolist(), inside.tolist(), strict=True)
    ]
    return Path(DETECTOR) / path.parent / f"{DETECTOR}_{path.name}", "\n".join(lines) + "\n"


class _NoSeries(Exception):
    """Why a file is no series."""


def _read(file: Path, skipped: Counter[str]) -> list[_Row]:
    """A file's rows; raises _NoSeries."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            table = csv.DictReader(lines)
            if not set(_COLUMNS) <= set(table.fieldnames or ()):
                raise _NoSeries(f"has no columns {', '.join(_COLUMNS)}" if table.fieldnames else "is empty")
            rows = [_row(line["timestamp"] or "", line["value"] or "", skipped) for line in table]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _NoSeries(f"can't be read ({error})") from error
    if not rows:
        raise _NoSeries("has no rows")
    return rows


def _row(time: str, text: str, skipped: Counter[str]) -> _Row:
    """A row as it is; one that can't be used stays, for the scorer counts rows."""
    try:
        moment, value = datetime.fromisoformat(time), float(text)
    except ValueError:
        skipped["malformed-row"] += 1
        return _Row(time, text, None, None)
    at = instant_of(moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment)
    if not math.isfinite(value):
        skipped["not-finite"] += 1
        return _Row(time, text, at, None)
    return _Row(time, text, at, value)


def _judge(name: str, rows: list[_Row], windows: list[tuple[str, str]], skipped: Counter[str]) -> JudgedFile:
    """Each row's score before the next is known; a row that can't be used has the score 0."""
    state, scores = TimeSeries(), np.zeros(len(rows))
    most, before = None, None
    for number, row in enumerate(rows):
        if row.at is None:
            continue
        if before is not None and row.at <= before:
            skipped["time-repeats" if row.at == before else "time-goes-back"] += 1
        before = row.at
        if row.value is None:
            continue
        judged = state.judge(row.at, row.value)
        scores[number] = judged.score
        if most is None or judged.surprise > most[0].surprise:
            most = judged, row
    series = Series(scores, _windows(rows, windows, skipped))
    told = FileReport(
        rows=len(rows),
        windows=len(series.windows),
        most_surprising=None if most is None else most[1].time,
        driver=None if most is None else most[0].driver,
        value=None if most is None else most[1].value,
        usual=None if most is None else round(most[0].usual, 4),
    )
    return JudgedFile(name, rows, series, told)


def _windows(rows: list[_Row], windows: list[tuple[str, str]], skipped: Counter[str]) -> list[tuple[int, int]]:
    """First and last row of each window; one with no row, or that overlaps the one before, is counted and left out."""
    times = [row.at for row in rows if row.at is not None]
    places = [number for number, row in enumerate(rows) if row.at is not None]
    found: list[tuple[int, int]] = []
    for begin, end in sorted(windows):
        left, right = bisect_left(times, _instant(begin)), bisect_right(times, _instant(end)) - 1
        if left > right or (found and places[left] <= found[-1][1]):
            skipped["window-without-rows" if left > right else "window-overlaps"] += 1
        else:
            found.append((places[left], places[right]))
    return found


def _instant(time: str) -> int:
    try:
        moment = datetime.fromisoformat(time)
    except ValueError as error:
        raise UnreadableRecordingError(f"a window of the labels begins or ends at {time!r}: give a time") from error
    return instant_of(moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment)
