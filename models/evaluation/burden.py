"""What foretelling costs those who are called: alarms a patient-day at a sensitivity, and how early they come.

An event counts as foretold if any answer within the horizon before it was at or above the threshold. An alarm stands
for that horizon: answers within it belong to it, and one after it is a new alarm, so that neither an answer that
flutters nor one that is always high makes few or many of it.
"""

import math
from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from models.evaluation.bootstrap import told
from models.evaluation.row import Row
from models.evaluation.sample import Flags, Floats, Numbers
from models.instants import DAY, HOUR
from models.risk.labels import HORIZON

SENSITIVITIES = (0.5, 0.7, 0.9)
_CURVE = 40


class LeadTime(Struct, frozen=True, kw_only=True):
    """Hours from the first alarm within the horizon to the event, of the events that were foretold."""

    median: float
    lower_quartile: float
    upper_quartile: float


class Operation(Struct, frozen=True, kw_only=True):
    """One threshold at work: the share of events foretold, alarms a patient-day, which share came true, how early."""

    threshold: float
    sensitivity: float
    alarms_per_patient_day: float
    precision: float | None
    lead_time_hours: LeadTime | None


class Watch:
    """Rows in order of patient and time, whose positive labels come in events, over so many patient-days."""

    def __init__(self, rows: Sequence[Row], patient_days: float) -> None:
        self._days = patient_days
        self._labels = np.array([row.label for row in rows], dtype=bool)
        self._patients = [row.patient_id for row in rows]
        self._asked_at = [row.asked_at for row in rows]
        self._lead_hours = np.array([(row.known_at - row.asked_at) / HOUR for row in rows])
        numbers: dict[tuple[str, int], int] = {}
        events = [numbers.setdefault((row.patient_id, row.known_at), len(numbers)) for row in rows if row.label]
        self._events: Numbers = np.array(events, dtype=np.int64)
        self._count = len(numbers)

    def threshold_at(self, predicted: Floats, sensitivity: float) -> float | None:
        """The highest threshold that foretells at least that share of the events; None without events."""
        highest = np.sort(self._greatest(predicted[self._labels]))[::-1]
        if not len(highest):
            return None
        return float(highest[max(math.ceil(sensitivity * len(highest) - 1e-9), 1) - 1])

    def thresholds(self, predicted: Floats) -> dict[str, float]:
        """By sensitivity, the threshold that just reaches it; none without events."""
        found = {f"{each:g}": self.threshold_at(predicted, each) for each in SENSITIVITIES}
        return {name: threshold for name, threshold in found.items() if threshold is not None}

    def operation(self, predicted: Floats, threshold: float) -> Operation:
        """What happens at a threshold; there must be an event, and a patient-day."""
        is_alarm = predicted >= threshold
        begins = self._begins(is_alarm)
        foretold = self._greatest(is_alarm[self._labels]) > 0
        return Operation(
            threshold=threshold,
            sensitivity=round(float(foretold.mean()), 4),
            alarms_per_patient_day=round(float(begins.sum() / self._days), 4),
            precision=told(self._labels[begins].mean()) if begins.any() else None,
            lead_time_hours=self._lead_time(is_alarm),
        )

    def curve(self, predicted: Floats) -> list[tuple[float, float]]:
        """Alarms a patient-day over sensitivity."""
        thresholds = [self.threshold_at(predicted, step / _CURVE) for step in range(1, _CURVE + 1)]
        found = [self.operation(predicted, each) for each in thresholds if each is not None]
        return sorted({(each.sensitivity, each.alarms_per_patient_day) for each in found})

    def _greatest(self, values: Floats | Flags) -> Floats:
        """The greatest of the values of each event's rows."""
        greatest = np.full(self._count, -np.inf)
        np.maximum.at(greatest, self._events, values)
        return greatest

    def _begins(self, is_alarm: Flags) -> Flags:
        """Where an alarm begins: none of this patient stands yet, or not any more."""
        begins = np.zeros(len(is_alarm), dtype=bool)
        patient, since = None, 0
        for at in np.flatnonzero(is_alarm).tolist():
            if self._patients[at] != patient or self._asked_at[at] >= since + HORIZON:
                patient, since = self._patients[at], self._asked_at[at]
                begins[at] = True
        return begins

    def _lead_time(self, is_alarm: Flags) -> LeadTime | None:
        leads = self._greatest(np.where(is_alarm, self._lead_hours, -np.inf)[self._labels])
        foretold = leads[np.isfinite(leads)]
        if not len(foretold):
            return None
        low, middle, high = np.percentile(foretold, [25, 50, 75]).round(2).tolist()
        return LeadTime(median=middle, lower_quartile=low, upper_quartile=high)


def patient_days(spans: Sequence[tuple[int, int]]) -> float:
    """How long patients were here altogether, from (since, until) in microseconds."""
    return sum(until - since for since, until in spans) / DAY
