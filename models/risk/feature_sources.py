"""What a model may look at: sets of named features of one patient at one instant, each made by one function."""

from collections.abc import Callable, Mapping

from msgspec import Struct

from models.events import Score
from models.picture import Patient
from models.risk import stay_features
from models.risk.features import NAMES, complete, known_of, named


class FeatureSource(Struct, frozen=True):
    """A named set of features. `read` takes a patient, the score that applies, since when the patient is here, and now.

    Times are microseconds since 1970. A feature that is not known is absent; all are finite.
    """

    name: str
    names: tuple[str, ...]
    read: Callable[[Patient, Score, int, int], Mapping[str, float]]


def _newest(patient: Patient, score: Score, _since: int, now: int) -> Mapping[str, float]:
    return complete(named(known_of(patient, score, now)))


def _stay(patient: Patient, _score: Score, since: int, now: int) -> Mapping[str, float]:
    return stay_features.read(patient, since, now)


SOURCES = {
    source.name: source
    for source in (FeatureSource("newest", NAMES, _newest), FeatureSource("stay", stay_features.NAMES, _stay))
}
"""Every set by its name."""
