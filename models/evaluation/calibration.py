"""Whether probabilities can be taken at their word."""

import numpy as np
from msgspec import Struct
from sklearn.linear_model import LogisticRegression

from models.evaluation.bootstrap import told
from models.evaluation.sample import Floats, Sample

_SURE = 1e-6
_BINS = 10
_ALIKE = 1e-9


class Bin(Struct, frozen=True, kw_only=True):
    """Rows of about one prediction: how many, what was foretold of them on average, and of which share it came."""

    rows: int
    predicted: float
    observed: float


class Calibration(Struct, frozen=True, kw_only=True):
    """Slope and intercept of what came on foretold log-odds (1 and 0 are perfect; a slope below 1: too sure), and bins.

    Slope and intercept are null where all predictions are alike or only one outcome came.
    """

    slope: float | None
    intercept: float | None
    bins: list[Bin]


def calibration_of(predicted: Floats, sample: Sample) -> Calibration:
    """How probabilities relate to what came of the rows."""
    slope, intercept = _fitted(predicted, sample)
    return Calibration(slope=slope, intercept=intercept, bins=_bins(predicted, sample))


def _fitted(predicted: Floats, sample: Sample) -> tuple[float | None, float | None]:
    sure = np.clip(predicted, _SURE, 1 - _SURE)
    log_odds = np.log(sure / (1 - sure)).reshape(-1, 1)
    if not sample.is_of_both or np.ptp(log_odds) < _ALIKE:
        return None, None
    fitted = LogisticRegression(C=np.inf).fit(log_odds, sample.labels)
    return told(fitted.coef_[0, 0]), told(fitted.intercept_[0])


def _bins(predicted: Floats, sample: Sample) -> list[Bin]:
    """Ten bins of about as many rows each, the least foretold first."""
    order = np.argsort(predicted, kind="stable")
    return [
        Bin(
            rows=len(rows),
            predicted=round(float(predicted[rows].mean()), 4),
            observed=round(float(sample.labels[rows].mean()), 4),
        )
        for rows in np.array_split(order, _BINS)
        if len(rows)
    ]
