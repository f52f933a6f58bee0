"""Features on one scale, learned as they come: what is not known lies at its mean and pulls nowhere."""

from collections.abc import Mapping, Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray

from models.risk.columns import bytes_of, numbers_of

_FURTHEST = 6.0  # Spreads: one artefact must not rule a linear model.
_LEAST_SPREAD = 1e-4
_UNKNOWN = float("nan")


class Standardiser:
    """Keeps mean and variance of each feature over those examples in which it was known (Welford)."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = tuple(names)
        self._count = np.zeros(len(names))
        self._mean = np.zeros(len(names))
        self._squares = np.zeros(len(names))

    @classmethod
    def of_columns(cls, names: Sequence[str], columns: Sequence[bytes]) -> Self:
        """The one that had these columns; raises ValueError if they are not as long as the names."""
        again = cls(names)
        again._count, again._mean, again._squares = (numbers_of(column, len(names)) for column in columns)
        return again

    @property
    def names(self) -> tuple[str, ...]:
        """The features in their order."""
        return self._names

    def columns(self) -> tuple[bytes, bytes, bytes]:
        """All that it keeps: counts, means, sums of squares around them."""
        return bytes_of(self._count), bytes_of(self._mean), bytes_of(self._squares)

    def learn(self, features: Mapping[str, float]) -> None:
        """Takes one more example."""
        values = self._vector(features)
        known = ~np.isnan(values)
        self._count += known
        apart = np.where(known, values - self._mean, 0.0)
        self._mean += apart / np.maximum(self._count, 1)
        self._squares += np.where(known, apart * (values - self._mean), 0.0)

    def standardised(self, features: Mapping[str, float]) -> NDArray[np.float64]:
        """The features in their order, in spreads from their means, at most six; 0 where one is not known."""
        spread = np.sqrt(self._squares / np.maximum(self._count, 1))
        apart = (self._vector(features) - self._mean) / np.where(spread > _LEAST_SPREAD, spread, np.inf)
        return np.clip(np.nan_to_num(apart), -_FURTHEST, _FURTHEST)

    def named(self, features: Mapping[str, float]) -> dict[str, float]:
        """The same by name."""
        return dict(zip(self._names, self.standardised(features).tolist(), strict=True))

    def _vector(self, features: Mapping[str, float]) -> NDArray[np.float64]:
        return np.fromiter((features.get(name, _UNKNOWN) for name in self._names), float, len(self._names))
