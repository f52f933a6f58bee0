"""Whom the next tick must look at: patients by the time at which something of theirs falls due."""

import heapq
from collections.abc import Mapping

from models.picture import Patient


class Schedule:
    """Awaits one due time a patient, the earliest; so a tick costs what is due, and not the number of patients."""

    def __init__(self, patients: Mapping[str, Patient]) -> None:
        self._patients = patients
        self._due: list[tuple[int, str]] = []
        self._awaited: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._due)

    def await_next(self, found: Patient) -> None:
        """Awaits a patient's next due time, unless an earlier look at the patient is awaited already."""
        due, awaited = found.next_due, self._awaited.get(found.id)
        if due is not None and (awaited is None or due < awaited):
            self._awaited[found.id] = due
            heapq.heappush(self._due, (due, found.id))

    def fallen_due(self, at: int) -> list[str]:
        """Patients with something due by then (microseconds), in order of due time and id; they are awaited no more."""
        fallen: dict[str, None] = {}
        while self._due and self._due[0][0] <= at:
            due, patient_id = heapq.heappop(self._due)
            if self._awaited.get(patient_id) != due:
                continue
            del self._awaited[patient_id]
            if self._patients[patient_id].next_due == due:
                fallen[patient_id] = None
            else:
                self.await_next(self._patients[patient_id])
        return list(fallen)
