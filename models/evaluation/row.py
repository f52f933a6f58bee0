"""One question to the models and its answer: who, when, what was known then, what came and when that was known."""

from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from models.evaluation.sample import Sample, sample_of

Packed = NDArray[np.float32]


class Row(Struct, frozen=True, kw_only=True):
    """One question and its answer; times are microseconds since 1970.

    `features` lie in the order of their names, not a number where one is not known. `scores` are what fixed rules said
    at that moment, None where one does not apply. `groups` says to which care unit, age band and sex the patient
    belongs.
    """

    patient_id: str
    asked_at: int
    known_at: int
    label: bool
    features: Packed
    scores: Mapping[str, float | None]
    groups: Mapping[str, str]
    hour: int = 0


def packed(features: Mapping[str, float], names: Sequence[str]) -> Packed:
    """Features in the order of their names."""
    unknown = float("nan")
    return np.fromiter((features.get(name, unknown) for name in names), np.float32, len(names))


def unpacked(values: Packed, names: Sequence[str]) -> dict[str, float]:
    """The features that are known, by name."""
    return {name: value for name, value in zip(names, values.tolist(), strict=True) if value == value}


def sample_of_rows(rows: Sequence[Row]) -> Sample:
    """What came of the rows, and whose they are."""
    return sample_of([row.label for row in rows], [row.patient_id for row in rows])
