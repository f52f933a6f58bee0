"""Landmarks: imagined patients; how like each of them a patient is lets a straight line follow a curved surface.

This is the method of Nyström: among patients like those that are seen, weights of likenesses to some hundred landmarks
say nearly all that a regression with the kernel itself would. The kernel is the rational quadratic one,
`1 / (1 + distance)`, a mixture of Gaussian kernels of all widths: it tells near from far at more than one scale.

A landmark is nobody's record: it is drawn at random with the variances and covariances of the patients seen.

No matrix goes through BLAS or LAPACK here, whose sums depend on the number of threads.
"""

from random import Random

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

_FURTHEST = 3.5
_JITTER = 1e-3  # On the diagonal, so that two landmarks that fall together can still be told apart.


class Landmarks:
    """Imagined patients, each a row of features in spreads from their means, and what makes likenesses independent.

    `width` times the number of features is the squared distance at which a likeness has fallen to one half.
    """

    def __init__(self, places: Numbers, root: Numbers, width: float) -> None:
        self.places = places
        self.root = root
        self._reach = width * max(places.shape[1], 1)

    def __len__(self) -> int:
        return len(self.places)

    @classmethod
    def drawn(cls, seen: Numbers, count: int, *, width: float, seed: int) -> "Landmarks":
        """So many landmarks that vary as the rows seen do."""
        draw = Random(seed)
        shares = np.array([[draw.gauss(0, 1) for _ in seen] for _ in range(count)]) / np.sqrt(len(seen))
        places = np.clip(np.einsum("ij,jk->ik", shares, seen), -_FURTHEST, _FURTHEST)
        without_root = cls(places, np.zeros((0, 0)), width)
        among = np.stack([without_root.likeness(place) for place in places])
        return cls(places, _inverse_root(among + _JITTER * np.eye(count)), width)

    def likeness(self, features: Numbers) -> Numbers:
        """How like each landmark a patient is, 0 to 1."""
        apart = self.places - features
        likeness: Numbers = 1 / (1 + np.einsum("ij,ij->i", apart, apart) / self._reach)
        return likeness

    def over(self, features: Numbers) -> Numbers:
        """The likenesses, turned so that a weight for each says the least it can: as features of a regression."""
        turned: Numbers = np.einsum("ij,j->i", self.root, self.likeness(features))
        return turned


def _inverse_root(matrix: Numbers) -> Numbers:
    """The inverse of the lower triangle of which the matrix is the square (Cholesky)."""
    size = len(matrix)
    lower, inverse = np.zeros((size, size)), np.zeros((size, size))
    for column in range(size):
        known = np.einsum("ij,j->i", lower[column:, :column], lower[column, :column])
        rest = matrix[column:, column] - known
        lower[column:, column] = rest / np.sqrt(rest[0])
    for row in range(size):
        inverse[row] = -np.einsum("i,ij->j", lower[row, :row], inverse[:row])
        inverse[row, row] += 1
        inverse[row] /= lower[row, row]
    return inverse
