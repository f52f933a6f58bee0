"""SIRS (ACCP/SCCM 1992) by the three criteria that vital signs can meet, as an interval; leucocytes are left out.

A count of 2 or more of the full four is a response; with three it may be missed, so it bears a name of its own.
"""

import math
from collections.abc import Mapping

from models.events import Score
from models.points import Part, Seen, banded, score_by_points

PARTS = (
    Part("temperature", 1, banded(((35.9, 1), (38.0, 0), (math.inf, 1)), decimals=1)),
    Part("heart_rate", 1, banded(((90, 0), (math.inf, 1)))),
    Part("respiratory_rate", 1, banded(((20, 0), (math.inf, 1)))),
)


def score(inputs: Mapping[str, Seen | None], *, is_adult: bool = True) -> Score:
    """The interval over three inputs, 0 to 3."""
    return score_by_points(PARTS, inputs, is_adult=is_adult)
