"""One event of one patient on its way through the fold."""

from collections.abc import Callable
from typing import NamedTuple

from models.alerting.lifecycle import Lifecycle, Unheard, all_heard
from models.alerting.policy import DECISIONS, Rules
from models.events import Anomaly, Assessment, Deviation, Flag, Refused, Risk, Score
from models.instants import MINUTE, moment_of
from models.picture import Patient
from models.risk.labels import HIGH_POINTS

Foretell = Callable[[Patient, Score, int], Risk | None]
"""The learned risk of a patient whose score applies, at an instant; nothing where there is none to be had."""

_ON_TIME = MINUTE


class Around(NamedTuple):
    """What the fold of a patient looks at beside the patient.

    `clock` is the partition's, None before any tick; `rules` are what is in force for the patient. With `alerts_only`
    nothing but alerts is told of an event, and nothing is done that no alert rests on.
    """

    clock: int | None
    foretell: Foretell | None = None
    rules: Rules = DECISIONS
    is_unheard: Unheard = all_heard
    alerts_only: bool = False


class Turn:
    """One event of one patient on its way through the fold.

    `at` is the event's own time; `now` the partition's clock, by which freshness is judged (`at` before any tick).
    """

    def __init__(
        self,
        patient: Patient,
        at: int,
        around: Around,
        *,
        is_tick: bool = False,
    ) -> None:
        self.patient = patient
        self.foretell = around.foretell
        self.rules = around.rules
        self.at = at
        self.clock = clock = around.clock
        self.now = at if clock is None else clock
        self.is_on_time = clock is None or at >= clock - _ON_TIME
        self.alerts_only = around.alerts_only
        self.lifecycle = Lifecycle(patient, at, around.rules, is_tick=is_tick, is_unheard=around.is_unheard)
        self.refused: list[Refused] = []
        self.flags: list[Flag] = []
        self.deviations: list[Deviation] = []
        self.accepted = self.repeated = self.unkept = 0
        self.is_out_of_order = False

    @property
    def is_amending(self) -> bool:
        """Whether the event tells of a time that has passed already."""
        return not self.is_on_time or self.is_out_of_order

    def assess(self, score: Score | None, reading_id: str | None, *, is_duplicate: bool = False) -> Assessment:
        """What is told of the patient at this event."""
        patient = self.patient
        deviations = sorted(self.deviations, key=_nearness)
        return Assessment(
            patient_id=patient.id,
            at=moment_of(self.at),
            reading_id=reading_id,
            monitored=patient.monitored,
            amended=self.is_amending,
            duplicate=is_duplicate,
            refused=self.refused,
            flags=self.flags,
            news2=score,
            anomaly=Anomaly(score=abs(deviations[0].z), deviations=deviations) if deviations else None,
            risk=None if self.foretell is None else self._foretold(self.foretell, score),
            origin=patient.origin,
            ward=patient.known.ward,
            bed=patient.known.bed,
        )

    def _foretold(self, foretell: Foretell, score: Score | None) -> Risk | None:
        """The learned risk of what may still come: for adults below the highest level, and not for a past time."""
        known = None if score is None else score.known_points
        if score is None or known is None or known >= HIGH_POINTS or self.is_amending:
            return None
        return foretell(self.patient, score, self.at)


def _nearness(found: Deviation) -> float:
    return -abs(found.z)
