"""The ward as a page shows it: records in, ranked rows out."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from consumers.board.alerts import OpenAlerts
from consumers.board.patient import Patient
from consumers.board.rows import Advice, AlertLine, PatientRow
from consumers.board.words import place
from models.alerting.state import RANK
from models.events import (
    Alert,
    Assessment,
    DeadLetter,
    Event,
    ModelPublished,
    ModelWithdrawn,
    Outcome,
    Output,
    PatientContext,
    Reading,
    Recommendation,
)


class Board:
    """Takes records topic by topic, in any order of topics, and knows what stands now.

    `now` is the newest time of any output: event time, never the wall clock, so an age on the page is the age that the
    workers judged by.
    """

    def __init__(self) -> None:
        self.now: datetime | None = None
        self.readings = 0
        self.assessments = 0
        self.model_records = 0
        """Records of the learner's on the log: each of its words stands on every partition."""
        self.model_version: int | None = None
        """The version of the learned risk that foretold last."""
        self.dead_letters: Counter[str] = Counter()
        self._patients: dict[str, Patient] = {}
        self._alerts = OpenAlerts()
        self._advice: dict[tuple[str, str], Recommendation] = {}

    def take(self, record: Output | Event) -> None:
        """Takes one record; of what goes in, contexts and outcomes tell it something, the rest only its number."""
        match record:
            case Assessment():
                self.assessments += 1
                self._see(record.at)
                self._patient(record.patient_id).take(record)
                if record.risk is not None:
                    self.model_version = record.risk.version
            case Alert():
                self._see(record.at)
                self._alerts.take(record)
            case Recommendation():
                self._see(record.at)
                self._advise(record)
            case DeadLetter():
                self.dead_letters[record.reason] += 1
            case Outcome():
                self._patient(record.patient_id).end(record)
            case PatientContext():
                self._patient(record.patient_id).learn(record)
            case Reading():
                self.readings += 1
            case ModelPublished() | ModelWithdrawn():
                self.model_records += 1
            case _:
                pass

    # --- What stands now ---------------------------------------------------------------------------------------------

    def ranked(self) -> list[PatientRow]:
        """Watched patients, the most urgent first: by the priority of their open alerts, then by points."""
        if self.now is None:
            return []
        watched = sorted((patient for patient in self._patients.values() if patient.is_watched), key=self._urgency)
        return [patient.row(self.now, self._alerts.of(patient.patient_id, self.now)) for patient in watched]

    def newest_alerts(self) -> list[AlertLine]:
        """Open alerts that someone was told of, the newest first; then what is open alone."""
        return [] if self.now is None else self._alerts.notified(self.now)

    def newly_notified(self) -> list[AlertLine]:
        """Alerts that someone was told of since the last call, the oldest first, even if they have closed meanwhile."""
        return self._alerts.newly_notified()

    def advice(self) -> list[Advice]:
        """Recommendations that stand, those that nobody answered first, then by urgency.

        What is the same for several patients is one, and so is what the same person accepted for them.
        """
        grouped: dict[tuple[str, str, str, str | None], list[Recommendation]] = {}
        for told in sorted(self._advice.values(), key=self._advice_urgency):
            grouped.setdefault((told.priority, told.kind, told.text, told.answered_by), []).append(told)
        return [_advice(standing) for standing in grouped.values()]

    def place(self, patient_id: str) -> str:
        """Where a patient lies, else who it is."""
        known = self._patients.get(patient_id)
        return patient_id if known is None else known.place

    @property
    def patients(self) -> int:
        """Everyone ever seen."""
        return sum(patient.is_seen for patient in self._patients.values())

    @property
    def ended(self) -> Counter[str]:
        """How many are no longer watched, by what ended it."""
        return Counter(patient.ended[1] for patient in self._patients.values() if patient.ended is not None)

    @property
    def open_alerts(self) -> Counter[tuple[str, str]]:
        """How many alerts are open, by kind and priority."""
        return self._alerts.counts()

    # --- How it gets there -------------------------------------------------------------------------------------------

    def _see(self, at: datetime) -> None:
        self.now = at if self.now is None else max(self.now, at)

    def _patient(self, patient_id: str) -> Patient:
        found = self._patients.get(patient_id)
        if found is None:
            found = self._patients[patient_id] = Patient(patient_id)
        return found

    def _advise(self, told: Recommendation) -> None:
        """One recommendation of a kind stands for a patient: a new one takes its place.

        One that was withdrawn or declined leaves, and is back should somebody think better of it.
        """
        key = told.patient_id, told.kind
        if told.state in ("proposed", "accepted"):
            self._advice[key] = told
        elif (standing := self._advice.get(key)) and standing.recommendation_id == told.recommendation_id:
            del self._advice[key]

    def _urgency(self, patient: Patient) -> tuple[int, int, int, str]:
        known, most = patient.points
        return -self._alerts.rank(patient.patient_id), -known, -most, patient.patient_id

    def _advice_urgency(self, told: Recommendation) -> tuple[bool, int, tuple[int, int, int, str], str]:
        is_accepted = told.state == "accepted"
        return is_accepted, -RANK[told.priority], self._urgency(self._patient(told.patient_id)), told.kind


def _advice(standing: Sequence[Recommendation]) -> Advice:
    first = standing[0]
    return Advice(
        places=tuple(place(told.ward, told.bed, told.patient_id) for told in standing),
        kind=first.kind,
        priority=first.priority,
        text=first.text,
        at=first.at,
        reason=first.reason,
        source=first.source,
        accepted_by=first.answered_by,
    )
