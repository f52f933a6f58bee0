"""Intervals by drawing patients, not rows: the rows of one patient are alike, and come or stay away together."""

from collections.abc import Iterator, Mapping

import numpy as np
from msgspec import Struct

from models.evaluation.sample import Floats, Sample
from models.evaluation.weighted import Figure

RESAMPLES = 1_000
_SEED = 2012
_AT_ONCE = 4_000_000
_LOWEST, _HIGHEST = 2.5, 97.5
_DECIMALS = 4


class Estimate(Struct, frozen=True, kw_only=True):
    """A figure with its 95 % interval; null where it can't be told, as where only one outcome came."""

    value: float | None
    low: float | None
    high: float | None


class Difference(Struct, frozen=True, kw_only=True):
    """How much greater a figure is than another's on the same resamples, and in which share of them it is greater."""

    value: float | None
    low: float | None
    high: float | None
    share_greater: float | None


Resampled = Mapping[str, Floats]
"""By predictor, a figure of all rows first, and then of each resample."""


def resampled(
    figures: Mapping[str, Figure], predicted: Mapping[str, Floats], sample: Sample, resamples: int = RESAMPLES
) -> Resampled:
    """Each predictor's own figure of all rows and of seeded resamples of the patients, the same ones for all."""
    found: dict[str, list[Floats]] = {name: [] for name in figures}
    for weights in _weights(sample, resamples):
        for name, figure in figures.items():
            found[name].append(figure(predicted[name], sample.labels, weights))
    return {name: np.concatenate(values) for name, values in found.items()}


def estimate(values: Floats) -> Estimate:
    """A figure and its interval, out of what `resampled` gives."""
    low, high = _interval(values[1:])
    return Estimate(value=told(values[0]), low=low, high=high)


def difference(ours: Floats, theirs: Floats) -> Difference:
    """How much greater ours is, resample by resample."""
    apart = ours - theirs
    low, high = _interval(apart[1:])
    defined = apart[1:][~np.isnan(apart[1:])]
    greater = float((defined > 0).mean()) if len(defined) else float("nan")
    return Difference(value=told(apart[0]), low=low, high=high, share_greater=told(greater))


def told(value: float | np.floating) -> float | None:
    """A figure as it is told: four decimals, null where it is not defined."""
    return round(float(value), _DECIMALS) if np.isfinite(value) else None


def _weights(sample: Sample, resamples: int) -> Iterator[Floats]:
    """All rows once, then how often each row is drawn with its patient, some resamples at a time."""
    rows = len(sample.labels)
    yield np.ones((1, rows))
    patients, places = np.unique(sample.patients, return_inverse=True)
    if not len(patients):
        return
    random = np.random.default_rng(_SEED)
    chances = np.full(len(patients), 1 / len(patients))
    most = max(_AT_ONCE // rows, 1)
    for start in range(0, resamples, most):
        drawn = random.multinomial(len(patients), chances, size=min(most, resamples - start))
        yield drawn[:, places].astype(float)


def _interval(values: Floats) -> tuple[float | None, float | None]:
    defined = values[~np.isnan(values)]
    if not len(defined):
        return None, None
    low, high = np.percentile(defined, [_LOWEST, _HIGHEST])
    return told(low), told(high)
