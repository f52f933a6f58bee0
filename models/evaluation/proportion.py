"""A share of so many, with its interval."""

import math

from msgspec import Struct

_Z = 1.959963984540054  # the normal quantile of 97.5 %


class Share(Struct, frozen=True):
    """`hits` of `of`, with the 95 % interval of Wilson (1927); 0 to 1 when there is nothing to count."""

    hits: int
    of: int
    share: float | None
    low: float
    high: float


def share_of(hits: int, of: int) -> Share:
    """So many hits of so many."""
    if of == 0:
        return Share(0, 0, None, 0.0, 1.0)
    share, weight = hits / of, _Z * _Z / of
    middle = (share + weight / 2) / (1 + weight)
    reach = _Z * math.sqrt(share * (1 - share) / of + weight / (4 * of)) / (1 + weight)
    return Share(hits, of, round(share, 4), round(max(middle - reach, 0.0), 4), round(min(middle + reach, 1.0), 4))
