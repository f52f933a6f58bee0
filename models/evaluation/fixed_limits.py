"""Fixed limits, as monitors have them: an alarm whenever a value is outside, with no delay, no band and no episode.

What alerts are compared with (clinical decisions, What is compared with what). The limits are those of the clinical
decisions, with the patient's own from a context. An alarm begins with the first value outside and ends with the first
one inside.
"""

from collections.abc import Iterable
from typing import NamedTuple

from models.alerting.policy import DECISIONS
from models.events import Direction
from models.picture import Patient
from models.vital_signs import SIGNS


class Alarm(NamedTuple):
    """The beginning of one alarm."""

    patient_id: str
    at: int
    code: str
    direction: Direction


class FixedLimits:
    """Which alarms sound, by patient, sign and side."""

    def __init__(self) -> None:
        self._sounding: set[tuple[str, str, Direction]] = set()

    def look(self, patient: Patient, codes: Iterable[str], at: int) -> list[Alarm]:
        """The alarms that begin with the values of these codes that are of `at` and current."""
        begun = []
        for code in codes:
            sign = SIGNS.get(code)
            vital = None if sign is None else patient.vitals.get(sign.code)
            if sign is None or vital is None or vital.history.at != at:
                continue
            value = vital.history.value
            low, high = DECISIONS.limits_of(patient, sign)
            begun += self._hold(patient.id, at, sign.code, "low", is_outside=low is not None and value < low)
            begun += self._hold(patient.id, at, sign.code, "high", is_outside=high is not None and value > high)
        return begun

    def _hold(self, patient_id: str, at: int, code: str, side: Direction, *, is_outside: bool) -> list[Alarm]:
        alarm = (patient_id, code, side)
        if not is_outside:
            self._sounding.discard(alarm)
            return []
        if alarm in self._sounding:
            return []
        self._sounding.add(alarm)
        return [Alarm(patient_id, at, code, side)]
