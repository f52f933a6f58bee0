"""Figures of many weightings of the same rows at once: what a bootstrap asks a thousand times.

Each function takes weights of shape (resamples, rows), whole or not, and gives a figure for each resample; a figure
that is not defined is not a number. With all weights 1 they equal scikit-learn's, which a test holds them to.
"""

from collections.abc import Callable

import numpy as np

from models.evaluation.sample import Flags, Floats

Figure = Callable[[Floats, Flags, Floats], Floats]
"""Predictions and labels, one a row, and weights: the figure of each resample, or several side by side."""


def ranking(predicted: Floats, labels: Flags, weights: Floats) -> Floats:
    """AUROC and average precision side by side, a row a resample: both need the rows in order, which takes the time.

    AUROC: how often what turned bad ranks above what did not, equal ranks half. Average precision: the area under
    precision and recall by steps.
    """
    bad, good = _by_rank(predicted, labels, weights)
    all_bad, all_good = bad.sum(axis=1), good.sum(axis=1)
    below = np.cumsum(good, axis=1) - good / 2
    area = _divided((bad * below).sum(axis=1), all_bad * all_good)
    found, called = np.cumsum(bad[:, ::-1], axis=1), np.cumsum((bad + good)[:, ::-1], axis=1)
    precision = _divided(found, called, 0.0)
    return np.stack([area, _divided((bad[:, ::-1] * precision).sum(axis=1), all_bad)], axis=1)


def auroc(predicted: Floats, labels: Flags, weights: Floats) -> Floats:
    """The first of `ranking`, as scikit-learn's `roc_auc_score`."""
    return ranking(predicted, labels, weights)[:, 0]


def average_precision(predicted: Floats, labels: Flags, weights: Floats) -> Floats:
    """The second of `ranking`, as scikit-learn's `average_precision_score`."""
    return ranking(predicted, labels, weights)[:, 1]


def score1_at(threshold: float) -> Figure:
    """The lesser of sensitivity and positive predictive value where all at or above a threshold are called."""

    def score1(predicted: Floats, labels: Flags, weights: Floats) -> Floats:
        called = predicted >= threshold
        found = weights @ (called & labels)
        return np.minimum(_divided(found, weights @ labels), _divided(found, weights @ called, 0.0))

    return score1


def brier(predicted: Floats, labels: Flags, weights: Floats) -> Floats:
    """Mean square error of probabilities."""
    return _divided(weights @ (predicted - labels) ** 2, weights.sum(axis=1))


def _by_rank(predicted: Floats, labels: Flags, weights: Floats) -> tuple[Floats, Floats]:
    """Weight of what turned bad, and of what did not, at each distinct prediction, the lowest first."""
    order = np.argsort(predicted, kind="stable")
    ordered = predicted[order]
    firsts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    by_row = weights[:, order]
    everything = np.add.reduceat(by_row, firsts, axis=1)
    bad = np.add.reduceat(by_row * labels[order], firsts, axis=1)
    return bad, everything - bad


def _divided(above: Floats, below: Floats, undefined: float = float("nan")) -> Floats:
    quotient: Floats = np.divide(above, below, out=np.full(np.shape(above), undefined), where=np.asarray(below) > 0)
    return quotient
