"""Features on one scale, learned as they come: what is not known lies at its mean and pulls nowhere."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from models.risk.landmarks import Numbers

_FURTHEST = 3.5  # Spreads: one artefact must not rule a model, and further out says little more.
_LEAST_SPREAD = 1e-4
_MOST = 1e6  # No feature is greater; what is, is not believed.


class Scale:
    """Keeps mean and squared deviations of each feature over those examples in which it was known (Welford)."""

    def __init__(
        self,
        names: Sequence[str],
        count: Numbers | None = None,
        mean: Numbers | None = None,
        squares: Numbers | None = None,
    ) -> None:
        self.names = {name: place for place, name in enumerate(names)}
        self.count = np.zeros(len(names)) if count is None else count
        self.mean = np.zeros(len(names)) if mean is None else mean
        self.squares = np.zeros(len(names)) if squares is None else squares

    def grow(self, names: Sequence[str]) -> None:
        """Begins to look at more features, behind those that are there."""
        for name in names:
            self.names[name] = len(self.names)
        new = np.zeros(len(names))
        self.count, self.mean, self.squares = (
            np.concatenate([column, new]) for column in (self.count, self.mean, self.squares)
        )

    def vector(self, features: Mapping[str, float]) -> Numbers:
        """The features in their order as they were measured; not a number where one is not known."""
        unknown = math.nan
        found = np.fromiter((features.get(name, unknown) for name in self.names), float, len(self.names))
        found[~(np.abs(found) <= _MOST)] = unknown
        return found

    def learn(self, vector: Numbers) -> None:
        """Takes one more example."""
        known = ~np.isnan(vector)
        self.count += known
        apart = np.where(known, vector - self.mean, 0.0)
        self.mean += apart / np.maximum(self.count, 1)
        self.squares += np.where(known, apart * (vector - self.mean), 0.0)

    def scaled(self, vector: Numbers) -> Numbers:
        """A vector in spreads from the means, at most 3.5; 0 where nothing is known, and for features it is without."""
        spread = np.sqrt(self.squares / np.maximum(self.count, 1))
        whole = np.concatenate([vector, np.full(len(self.names) - len(vector), math.nan)])
        apart = (whole - self.mean) / np.where(spread > _LEAST_SPREAD, spread, np.inf)
        return np.clip(np.nan_to_num(apart), -_FURTHEST, _FURTHEST)
