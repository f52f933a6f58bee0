"""Rounding that is done many times a reading."""

_ROUNDS_A_FLOAT = 1.5 * 2**52  # Floats of this size are whole numbers: adding it rounds, taking it away leaves that.
_FURTHEST = 1e6
_SURE = 0.499


def hundredths(value: float) -> float:
    """The same as `round(value, 2)`, in half the time.

    `round` writes a number down and reads it again. A whole number of hundredths, divided once, is the same float; what
    lies near the middle of two, rounds to zero or is large is left to `round`.
    """
    scaled = value * 100.0
    nearest = (scaled + _ROUNDS_A_FLOAT) - _ROUNDS_A_FLOAT
    if nearest and -_SURE < scaled - nearest < _SURE and -_FURTHEST < value < _FURTHEST:
        return nearest / 100.0
    return round(value, 2)
