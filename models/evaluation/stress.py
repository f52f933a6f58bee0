"""How well scores tell stress from rest within each person, second by second."""

from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_RESAMPLES = 2000
_SEED = 2022


class Person(Struct, frozen=True):
    """One person's seconds in order: whether each was one of stress, and each score of it."""

    user: str
    stressed: NDArray[np.bool_]
    scores: Mapping[str, Floats]


class Mean(Struct, frozen=True):
    """Mean AUROC over people with its 95 % interval, by drawing people."""

    value: float
    low: float
    high: float


def within_person(person: Person) -> dict[str, float]:
    """AUROC of each score over one person's seconds, .5 for a score that never differs; both classes must be there."""
    return {name: _auroc(scores, person.stressed) for name, scores in person.scores.items()}


def mean_over(values: Sequence[float]) -> Mean:
    """The mean of at least one person's AUROC."""
    found = np.asarray(values)
    drawn = np.random.default_rng(_SEED).integers(0, len(found), size=(_RESAMPLES, len(found)))
    low, high = np.percentile(found[drawn].mean(axis=1), [2.5, 97.5])
    return Mean(round(float(found.mean()), 4), round(float(low), 4), round(float(high), 4))


class Weighing:
    """Weights of several scores as one, learned person by person once their labels are known, and used before that.

    Bayesian logistic regression, one rank-one update for each row it is given; it begins, sure of it as `certainty`
    rows would make it, at the weights it is given.
    """

    def __init__(self, weights: Sequence[float], certainty: float) -> None:
        self._weights = np.array([*weights, 0.0])
        self._covariance = np.eye(len(self._weights)) / certainty

    def score(self, rows: Floats) -> Floats:
        """One score for each row, by the weights as they are."""
        scores: Floats = rows @ self._weights[:-1] + self._weights[-1]
        return scores

    def learn(self, rows: Floats, stressed: NDArray[np.bool_]) -> None:
        """Takes the labelled rows of one person in."""
        for row, label in zip(np.column_stack([rows, np.ones(len(rows))]), stressed, strict=True):
            chance = 1 / (1 + np.exp(-float(row @ self._weights)))
            reach = self._covariance @ row
            doubt = chance * (1 - chance)
            self._covariance -= np.outer(reach, reach) * doubt / (1 + doubt * float(row @ reach))
            self._weights = self._weights + self._covariance @ row * (float(label) - chance)


def _auroc(scores: Floats, positive: NDArray[np.bool_]) -> float:
    """Share of pairs of a positive and a negative that lie in the right order, ties counted half."""
    _, place, count = np.unique(scores, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[place]
    positives, negatives = int(positive.sum()), int((~positive).sum())
    pairs = rank[positive].sum() - positives * (positives + 1) / 2
    return float(pairs / (positives * negatives))
