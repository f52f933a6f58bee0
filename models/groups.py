"""To which groups a patient belongs, so that a model that serves one of them worse is found out."""

import math
from collections.abc import Mapping

from models.picture import Patient

_UNKNOWN = "unknown"
# Whoever is younger is not asked about.
_BANDS = ((50, "16 to 49"), (65, "50 to 64"), (80, "65 to 79"), (math.inf, "80 and over"))

GROUPS = ("care unit", "age", "sex")


def groups_of(patient: Patient) -> Mapping[str, str]:
    """Care unit, age band and sex, each `unknown` where it was not told."""
    known = patient.known
    return {"care unit": known.ward or _UNKNOWN, "age": age_band(known.age), "sex": known.sex or _UNKNOWN}


def age_band(age: float | None) -> str:
    """The band of an age in years."""
    return _UNKNOWN if age is None else next(name for bound, name in _BANDS if age < bound)
