"""qSOFA (Sepsis-3, 2016) as an interval: 2 or more of 3 with a suspected infection calls for a look at the organs."""

import math
from collections.abc import Mapping

from models.events import Score
from models.points import Part, Seen, banded, score_by_points

PARTS = (
    Part("respiratory_rate", 1, banded(((21, 0), (math.inf, 1)))),
    Part("systolic_blood_pressure", 1, banded(((100, 1), (math.inf, 0)))),
    Part("consciousness", 1, lambda value: int(value > 0)),
)


def score(inputs: Mapping[str, Seen | None], *, is_adult: bool = True) -> Score:
    """The interval over three inputs, 0 to 3; whoever is not fully alert is of altered mentation."""
    return score_by_points(PARTS, inputs, is_adult=is_adult)
