"""One patient as the ward page knows it: the newest picture, and what no picture holds."""

from datetime import datetime, timedelta

from msgspec import Struct

from consumers.board.patient import Patient
from consumers.ward.views.ward import Row
from models.events import Assessment, Name, Pause, Reading, Recommendation
from models.quality import Trusted, judge
from models.vital_signs import SIGNS, VitalSign

_SHOWN = ("2339-0", "8462-4", "55423-8", "41950-7", "93832-4")
_CODES = frozenset(code for code, sign in SIGNS.items() if sign.code in _SHOWN)
_MOST_DEVICES = 100
_AHEAD = timedelta(minutes=10)  # A reading that is further ahead of the clock the workers park.


class Seen(Struct, frozen=True, gc=False):
    """The newest value of a sign that is no part of NEWS2."""

    sign: VitalSign
    value: float
    at: datetime


class Watched:
    """Takes what is told of one patient; `changed` is when, in the book's own count, it last made a difference."""

    def __init__(self, patient_id: str) -> None:
        self.patient = Patient(patient_id)
        self.changed = 0
        self.is_shown = self.was_shown = False
        self.row: Row | None = None
        """The row as it was last told, until something changes."""
        self.heard_at: datetime | None = None
        self.refused: list[str] = []
        self.devices: set[Name] = set()
        self.signs: dict[str, Seen] = {}
        self.pause: Pause | None = None
        self.advice: dict[str, Recommendation] = {}
        """By kind, what stands and nobody has answered."""
        self._assessed_at: datetime | None = None

    def hear(self, reading: Reading, now: datetime | None) -> bool:
        """Takes a reading, and says whether anything is newer by it; one from too far ahead is none."""
        at = reading.effective_at
        if now is not None and at > now + _AHEAD:
            return False
        if len(self.devices) < _MOST_DEVICES:
            self.devices.add(reading.device_id)
        for measurement in reading.measurements:
            if measurement.code in _CODES:
                judged = judge(measurement, reading.device_type)
                if isinstance(judged, Trusted):
                    self._see(Seen(judged.sign, judged.value, at))
        if self.heard_at is not None and at <= self.heard_at:
            return False
        self.heard_at = at
        return True

    def assess(self, assessment: Assessment) -> None:
        """Takes a picture, and what was refused of the newest reading."""
        self.patient.take(assessment)
        if assessment.reading_id is None or assessment.amended or assessment.duplicate:
            return
        if self._assessed_at is None or assessment.at >= self._assessed_at:
            self._assessed_at = assessment.at
            self.refused = [each.code for each in assessment.refused]

    def suspend(self, pause: Pause) -> None:
        """Takes a pause that the workers accepted, or its end."""
        if self.pause is None or pause.at >= self.pause.at:
            self.pause = pause if pause.until > pause.at else None

    def advise(self, told: Recommendation) -> None:
        """Takes a recommendation: one that stands unanswered takes the place of the one of its kind before."""
        standing = self.advice.get(told.kind)
        if told.state == "proposed":
            self.advice[told.kind] = told
        elif standing is not None and standing.recommendation_id == told.recommendation_id:
            del self.advice[told.kind]

    def _see(self, seen: Seen) -> None:
        known = self.signs.get(seen.sign.code)
        if known is None or seen.at >= known.at:
            self.signs[seen.sign.code] = seen
