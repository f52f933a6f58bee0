"""Courses and dose responses, drawn as straight lines between known points."""

from itertools import pairwise

Curve = tuple[tuple[float, float], ...]


def along(curve: Curve, x: float) -> float:
    """The curve's height at x, straight between its points; level before the first and after the last."""
    if x <= curve[0][0]:
        return curve[0][1]
    for (x0, y0), (x1, y1) in pairwise(curve):
        if x <= x1:
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return curve[-1][1]
