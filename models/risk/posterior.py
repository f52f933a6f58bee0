"""What is believed of the weights of a logistic regression: a Gaussian with all its covariances, learned one by one.

Each example is learned by assumed density filtering: along the one direction that the example tells of, the belief is
multiplied by the likelihood, and the Gaussian of the same mean and variance takes its place. There is no step size.

No matrix goes through BLAS, whose sums depend on the number of threads: equal examples in equal order give equal bytes
on one kind of processor (another kind may add in another order and differ in the last digits).
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]

_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(32)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()
_ROWS = 64  # So many rows of a covariance at a time stay in the processor's cache.
_LEAST_VARIANCE = 1e-12


class Belief(NamedTuple):
    """What is believed of the log-odds of one example: mean, variance, and how each weight goes with them."""

    mean: float
    variance: float
    along: Vector

    @property
    def probability(self) -> float:
        """The probability of the label, 0 to 1, over all that the log-odds may be."""
        log_odds = self.mean + math.sqrt(self.variance) * _NODES
        return min(max(float(np.sum(_WEIGHTS / (1 + np.exp(-log_odds)))), 0.0), 1.0)


class Posterior:
    """The belief of all weights; before the first example their means are 0 and their variances 1, apart from others.

    How strongly a feature is believed in beforehand is therefore the scale in which it is given.
    """

    def __init__(self, mean: Vector, covariance: Vector) -> None:
        self.mean = mean
        self.covariance = covariance

    @classmethod
    def prior(cls, size: int) -> "Posterior":
        """The belief before the first example."""
        return cls(np.zeros(size), np.eye(size))

    def grow(self, size: int) -> None:
        """Takes in weights of which nothing is known yet, up to that many in all."""
        known = len(self.mean)
        mean, covariance = np.zeros(size), np.eye(size)
        mean[:known], covariance[:known, :known] = self.mean, self.covariance
        self.mean, self.covariance = mean, covariance

    def believe(self, features: Vector) -> Belief:
        """What is believed of an example of these features."""
        along = np.einsum("ij,j->i", self.covariance, features)
        variance = max(float(np.einsum("i,i->", along, features)), _LEAST_VARIANCE)
        return Belief(float(np.einsum("i,i->", self.mean, features)), variance, along)

    def learn(self, features: Vector, label: bool) -> None:
        """Takes one more example."""
        before = self.believe(features)
        mean, variance = _tilted(before, label)
        self.mean += before.along * ((mean - before.mean) / before.variance)
        narrower = max(before.variance - variance, 0.0) / before.variance**2
        step = before.along * math.sqrt(narrower)
        for start in range(0, len(step), _ROWS):
            self.covariance[start : start + _ROWS] -= np.multiply.outer(step[start : start + _ROWS], step)


def _tilted(before: Belief, label: bool) -> tuple[float, float]:
    """Mean and variance of the log-odds once the label is known."""
    log_odds = before.mean + math.sqrt(before.variance) * _NODES
    likelihood = -np.logaddexp(0.0, -log_odds if label else log_odds)
    weights = _WEIGHTS * np.exp(likelihood - likelihood.max())
    weights = weights / weights.sum()
    mean = float(np.sum(weights * log_odds))
    return mean, float(np.sum(weights * (log_odds - mean) ** 2))
