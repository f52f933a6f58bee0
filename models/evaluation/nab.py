"""The rule of the Numenta Anomaly Benchmark (Lavin and Ahmad, ICMLA 2015), as its paper states it.

A window of an anomaly is worth its first detection, the earlier the more; a window without one costs; so does each
detection outside, the more the farther it is after a window. One threshold for all files is the best there is. The
benchmark's own scorer decides; this is to see, without it, where a detector stands.
"""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Window = tuple[int, int]

_PROBATION_SHARE, _PROBATION_ROWS = 0.15, 750
_FAR = 3.0
_NOWHERE = -1


class Profile(Struct, frozen=True):
    """What a window found, a false detection and a window missed are worth."""

    found: float
    false: float
    missed: float


PROFILES = {
    "standard": Profile(1.0, 0.11, 1.0),
    "reward_low_FP_rate": Profile(1.0, 0.22, 1.0),
    "reward_low_FN_rate": Profile(1.0, 0.11, 2.0),
}


class Series(Struct, frozen=True):
    """One file: the anomaly score of each row, and first and last row of each window, in order and apart."""

    scores: Floats
    windows: Sequence[Window]


class Standing(Struct, frozen=True):
    """Score from 100 (every window at its first row, nothing false) over 0 (nothing detected) down."""

    score: float | None
    threshold: float | None
    windows: int
    windows_found: int
    false_detections: int


def standing(corpus: Sequence[Series], profile: Profile) -> Standing:
    """Where the scores of all files stand at the best threshold; no score where there is no window."""
    windows = sum(len(series.windows) for series in corpus)
    if not windows:
        return Standing(None, None, 0, 0, 0)
    best = raw = -profile.missed * windows
    told = Standing(0.0, None, windows, 0, 0)
    worth: dict[int, float] = {}
    false = 0
    for threshold, rows in groupby(_rows(corpus, profile), key=itemgetter(0)):
        for _, value, window in rows:
            if window == _NOWHERE:
                raw, false = raw + value, false + 1
            elif value > (before := worth.get(window, -profile.missed)):
                raw, worth[window] = raw + value - before, value
        if raw > best:
            best = raw
            told = Standing(_normal(raw, windows, profile), threshold, windows, len(worth), false)
    return told


def _normal(raw: float, windows: int, profile: Profile) -> float:
    return round(100 * (raw / windows + profile.missed) / (profile.found + profile.missed), 2)


def _rows(corpus: Sequence[Series], profile: Profile) -> list[tuple[float, float, int]]:
    """Score, worth and window of every row that counts, the highest score first."""
    rows: list[tuple[float, float, int]] = []
    first = 0
    for series in corpus:
        worth, window = _worth(series, profile)
        probation = min(int(_PROBATION_SHARE * len(worth)), _PROBATION_ROWS)
        window[window != _NOWHERE] += first
        rows += zip(
            series.scores[probation:].tolist(),
            worth[probation:].tolist(),
            window[probation:].tolist(),
            strict=True,
        )
        first += len(series.windows)
    return sorted(rows, key=lambda row: -row[0])


def _worth(series: Series, profile: Profile) -> tuple[Floats, NDArray[np.int64]]:
    """What a detection at each row is worth, and the number of the window it lies in."""
    count = len(series.scores)
    worth, window = np.full(count, -profile.false), np.full(count, _NOWHERE)
    lefts = [left for left, _ in series.windows] + [count]
    for number, (left, right) in enumerate(series.windows):
        width = right - left + 1
        inside, after = np.arange(left, right + 1), np.arange(right + 1, lefts[number + 1])
        worth[inside] = profile.found * _sigmoid(-(right - inside + 1) / width) / _sigmoid(np.array(-1.0))
        worth[after] = profile.false * _sigmoid((after - right) / max(width - 1, 1))
        window[inside] = number
    return worth, window


def _sigmoid(place: Floats) -> Floats:
    """From nearly 1 where a window begins over 0 at its end to -1 at three of its widths after it."""
    value: Floats = np.where(place >= _FAR, -1.0, 2 / (1 + np.exp(5 * np.minimum(place, _FAR))) - 1)
    return value
