"""Stays asked about at fixed hours after admission, out of the same fold that watches patients in production."""

import heapq
from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec import Struct

from models.evaluation.row import Packed, packed
from models.evaluation.rules import scores_of
from models.groups import groups_of
from models.instants import HOUR
from models.outlook import score_of
from models.partition import PartitionFold
from models.picture import Patient
from models.risk.feature_sources import FeatureSource
from models.risk.stay_features import ASKED_AT

HOURS = ASKED_AT
_KNOWS_NOTHING = "0/7"


class Asked(Struct, frozen=True, kw_only=True):
    """One question as it was put: the patient, the hour, and what was known then."""

    patient_id: str
    hour: int
    at: int
    features: Packed
    scores: Mapping[str, float | None]
    groups: Mapping[str, str]


class Inquiry:
    """Asks a fold about each admitted patient when the hours come; never of what is not in it yet.

    `counts` tells by hour, as `hour-6/...`, of whom nothing was measured, whom NEWS2 could not score at all, and who
    is too young, or pregnant, and is not asked about.
    """

    def __init__(self, fold: PartitionFold, source: FeatureSource, hours: Sequence[int] = HOURS) -> None:
        self._fold = fold
        self._source = source
        self._hours = hours
        self._due: list[tuple[int, str, int, int]] = []
        self.asked: list[Asked] = []
        self.counts: Counter[str] = Counter()

    def admit(self, patient_id: str, at: int) -> None:
        """Notes a patient who is to be asked about from `at` on, in microseconds since 1970."""
        for hour in self._hours:
            heapq.heappush(self._due, (at + hour * HOUR, patient_id, hour, at))

    def pass_time(self, until: int | None) -> None:
        """Asks all that is due before the next record's time, so that what was measured up to and with it counts."""
        while self._due and (until is None or self._due[0][0] < until):
            now, patient_id, hour, since = heapq.heappop(self._due)
            patient = self._fold.look_at(patient_id)
            if patient is not None:
                self._ask(patient, hour, since, now)

    def _ask(self, patient: Patient, hour: int, since: int, now: int) -> None:
        parts, score = score_of(patient, now)
        if score.known_points is None:
            self.counts[f"hour-{hour}/not-for-this-age"] += 1
            return
        self.counts[f"hour-{hour}/nothing-measured"] += not any(vital.history for vital in patient.vitals.values())
        self.counts[f"hour-{hour}/never-scored"] += score.completeness == _KNOWS_NOTHING
        self.asked.append(
            Asked(
                patient_id=patient.id,
                hour=hour,
                at=now,
                features=packed(self._source.read(patient, score, since, now), self._source.names),
                scores=scores_of(patient, parts, score, now),
                groups=groups_of(patient),
            )
        )
