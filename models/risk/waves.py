"""Random Fourier features: waves over many features at once, by which a straight line can follow a curved surface.

Sums of such waves come near to a regression with a kernel (Rahimi and Recht, 2007): patients alike in all of the
features together are foretold alike. The kernel here is the rational quadratic one, `1 / (1 + distance)`, which is a
mixture of Gaussian kernels of all widths: it tells near from far at more than one scale. `distance` is the squared
distance over `width` times the number of features, so about 1 between two who have nothing in common.
"""

import math
from collections.abc import Sequence
from random import Random

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


class Waves:
    """So many waves over the features of those names, which are given in spreads from their means.

    The frequencies follow from the seed and the names alone, so nothing of them need be kept.
    """

    def __init__(self, names: Sequence[str], count: int, *, width: float, seed: int) -> None:
        self.count = count
        scale = math.sqrt(2 / (width * max(len(names), 1)))
        spread = Random(f"{seed}/spread")
        scales = [scale * math.sqrt(spread.expovariate(1.0)) for _ in range(count)]
        rows = [_row(Random(f"{seed}/frequency/{name}"), scales) for name in names]
        start = Random(f"{seed}/start")
        self._frequencies = np.array(rows).reshape(len(names), count)
        self._starts = np.array([start.uniform(0, 2 * math.pi) for _ in range(count)])
        self._height = math.sqrt(2 / max(count, 1))

    def over(self, features: Numbers) -> Numbers:
        """The height of each wave; the sum of their squares is about 1."""
        heights: Numbers = self._height * np.cos(np.einsum("i,ij->j", features, self._frequencies) + self._starts)
        return heights


def _row(draw: Random, scales: Sequence[float]) -> list[float]:
    return [draw.gauss(0, 1) * scale for scale in scales]
