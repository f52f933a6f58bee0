"""Fixed limits: an alarm whenever a value is outside, with no delay, no clearing band and no episode.

What alerts are compared with (clinical decisions, What is compared with what). The limits are those of the clinical
decisions, with the patient's own from a context. Every value outside alarms, for there is no episode to which the next
one would belong; the values outside one after the other are a run, and a monitor that sounds until a value is inside
again begins one alarm a run.
"""

from collections.abc import Iterable
from typing import NamedTuple

from models.alerting.policy import DECISIONS
from models.events import Direction
from models.picture import Patient
from models.vital_signs import SIGNS


class Alarm(NamedTuple):
    """One value outside; `begins_run`: the value before was inside."""

    at: int
    code: str
    direction: Direction
    begins_run: bool


class FixedLimits:
    """Which values are outside, by patient, sign and side."""

    def __init__(self) -> None:
        self._outside: set[tuple[str, str, Direction]] = set()

    def look(self, patient: Patient, codes: Iterable[str], at: int) -> list[Alarm]:
        """The alarms of the values of these codes that are of `at` and current."""
        alarms: list[Alarm] = []
        for code in codes:
            sign = SIGNS.get(code)
            vital = None if sign is None else patient.vitals.get(sign.code)
            if sign is None or vital is None or vital.history.at != at:
                continue
            value = vital.history.value
            low, high = DECISIONS.limits_of(patient, sign)
            alarms += self._hold(patient.id, at, sign.code, "low", is_outside=low is not None and value < low)
            alarms += self._hold(patient.id, at, sign.code, "high", is_outside=high is not None and value > high)
        return alarms

    def _hold(self, patient_id: str, at: int, code: str, side: Direction, *, is_outside: bool) -> list[Alarm]:
        run = (patient_id, code, side)
        if not is_outside:
            self._outside.discard(run)
            return []
        begins_run = run not in self._outside
        self._outside.add(run)
        return [Alarm(at, code, side, begins_run)]
