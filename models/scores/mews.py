"""Modified Early Warning Score (Subbe and others, QJM 2001) as an interval.

Of the many local variants this is the published table, with a heart rate of 40 in its lowest band. New confusion, which
AVPU does not have, counts as reacting to voice. Where only the Glasgow coma scale says that a patient is not alert, it
stands for AVPU by the medians of Kelly (A 15, V 13, P 8, U 3), split half way.
"""

import math
from collections.abc import Mapping

from msgspec import Struct

from models.events import Score
from models.points import Part, Seen, banded, score_by_points

_INF = math.inf
_CONSCIOUSNESS = (0, 1, 1, 2, 3)  # A C V P U
_CONFUSED = 1
_BY_COMA_SCALE = banded(((5, 3), (10, 2), (14, 1), (15, 0)))

PARTS = (
    Part("respiratory_rate", 3, banded(((8, 2), (14, 0), (20, 1), (29, 2), (_INF, 3)))),
    Part("systolic_blood_pressure", 3, banded(((70, 3), (80, 2), (100, 1), (199, 0), (_INF, 2)))),
    Part("heart_rate", 3, banded(((40, 2), (50, 1), (100, 0), (110, 1), (129, 2), (_INF, 3)))),
    Part("consciousness", 3, lambda value: _CONSCIOUSNESS[int(value)]),
    Part("temperature", 2, banded(((34.9, 2), (38.4, 0), (_INF, 2)), decimals=1)),
)
_WITH_COMA_SCALE = tuple(
    Part(part.name, part.most, _BY_COMA_SCALE) if part.name == "consciousness" else part for part in PARTS
)


class _AsComaScale(Struct, frozen=True):
    value: float
    at: int
    is_fresh: bool


def score(inputs: Mapping[str, Seen | None], *, is_adult: bool = True) -> Score:
    """The interval over five inputs, 0 to 14; a fresh `glasgow_coma_scale` refines a consciousness told as confused."""
    told, coma_scale = inputs.get("consciousness"), inputs.get("glasgow_coma_scale")
    if told is None or told.value != _CONFUSED or coma_scale is None or not (told.is_fresh and coma_scale.is_fresh):
        return score_by_points(PARTS, inputs, is_adult=is_adult)
    refined = _AsComaScale(min(coma_scale.value, 14.0), coma_scale.at, True)
    return score_by_points(_WITH_COMA_SCALE, {**inputs, "consciousness": refined}, is_adult=is_adult)
