"""Numbers as a model keeps them: exact, and the same bytes on every machine."""

import numpy as np
from numpy.typing import NDArray

from models.risk.landmarks import Numbers


def bytes_of(numbers: Numbers) -> bytes:
    """Little-endian floats of 8 bytes, the same on every machine."""
    return numbers.astype("<f8").tobytes()


def numbers_of(column: bytes, count: int) -> Numbers:
    """So many numbers; raises ValueError on bytes of another length."""
    if len(column) != 8 * count:
        raise ValueError(f"a column of {len(column)} bytes, not of {count} numbers")
    return np.frombuffer(column, "<f8").astype(float)


def triangle_of(column: bytes, size: int, places: tuple[NDArray[np.intp], NDArray[np.intp]]) -> Numbers:
    """One triangle of a square matrix, and nothing in the other; raises ValueError on bytes of another length."""
    matrix = np.zeros((size, size))
    matrix[places] = numbers_of(column, size * (size + 1) // 2)
    return matrix
