"""What alerts were worth: how many events had one before them, how early, and how many alerts had an event after them.

An event is a death, or the first NEWS2 of 7 or more of a patient whose first known score was under 7 (clinical
decisions, What is compared with what). An alert belongs to an event when it comes in the 12 hours before it, and before
it: one at the very instant of the event foretells nothing.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

import numpy as np
from msgspec import Struct

from models.evaluation.proportion import Share, share_of
from models.events import OutcomeKind
from models.instants import DAY, HOUR
from models.picture import Patient
from models.risk.labels import HIGH_POINTS

WITHIN = 12 * HOUR

EventKind = Literal["death", "news2"]


Standing = tuple[int, int | None]
"""From the first call of an alert until its condition was over, if it was."""


class Happened(NamedTuple):
    """One event of a patient."""

    at: int
    kind: EventKind


class Lead(Struct, frozen=True, kw_only=True):
    """Hours from the first alert in the 12 before an event to that event, of the events that had one."""

    median: float
    lower_quartile: float
    upper_quartile: float


class Worth(Struct, frozen=True, kw_only=True):
    """Event sensitivity, of all events and by kind; positive predictive value; alerts a patient-day; lead time.

    `called_or_standing` counts, by kind, those events too before which an earlier alert still stood: nobody is called
    for it twice.
    """

    alerts: int
    alerts_per_patient_day: float | None
    sensitivity: Share
    sensitivity_by_kind: dict[str, Share]
    called_or_standing: dict[str, Share] | None = None
    positive_predictive_value: Share
    lead_hours: Lead | None


class Happenings:
    """The events of all patients, and how long each was here; taken from the fold's own picture."""

    def __init__(self) -> None:
        self.events: dict[str, list[Happened]] = {}
        self.spans: dict[str, tuple[int, int]] = {}
        """From the first to the last that was heard of each patient."""
        self._began_under: dict[str, bool] = {}

    def see(self, patient: Patient, at: int) -> None:
        """Takes note of a patient after an event of that time: of how long they are here, and of the score."""
        first, last = self.spans.get(patient.id, (at, at))
        self.spans[patient.id] = (min(first, at), max(last, at))
        if not patient.points:
            return
        is_high = sum(patient.points.values()) >= HIGH_POINTS
        if self._began_under.setdefault(patient.id, not is_high) and is_high:
            self._began_under[patient.id] = False
            self.events.setdefault(patient.id, []).append(Happened(at, "news2"))

    def end(self, patient_id: str, kind: OutcomeKind, at: int) -> None:
        """Takes note of what really happened: the stay lasts until then, and a death is an event."""
        first, last = self.spans.get(patient_id, (at, at))
        self.spans[patient_id] = (min(first, at), max(last, at))
        if kind == "death":
            self.events.setdefault(patient_id, []).append(Happened(at, "death"))

    @property
    def patient_days(self) -> float:
        """How long all of them were here."""
        return sum(last - first for first, last in self.spans.values()) / DAY

    def is_followed(self, patient_id: str, at: int) -> bool:
        """Whether an event comes in the 12 hours after that time."""
        return any(event.at - WITHIN <= at < event.at for event in self.events.get(patient_id, ()))


def worth_of(
    alerts: Mapping[str, Iterable[int]],
    happenings: Happenings,
    standing: Mapping[str, Sequence[Standing]] | None = None,
) -> Worth:
    """The figures of alerts, given by patient as the times at which they came and, where known, how long they stood."""
    times = {patient_id: sorted(when) for patient_id, when in alerts.items()}
    count = sum(map(len, times.values()))
    true = sum(happenings.is_followed(patient_id, at) for patient_id, when in times.items() for at in when)
    found: dict[str, list[int | None]] = {"death": [], "news2": []}
    for patient_id, events in happenings.events.items():
        for event in events:
            found[event.kind].append(_lead(times.get(patient_id, ()), event.at))
    leads = [lead for kind in found.values() for lead in kind]
    days = happenings.patient_days
    return Worth(
        alerts=count,
        alerts_per_patient_day=round(count / days, 4) if days else None,
        sensitivity=_share(leads),
        sensitivity_by_kind={kind: _share(each) for kind, each in found.items()},
        called_or_standing=None if standing is None else _standing(found, standing, happenings),
        positive_predictive_value=share_of(true, count),
        lead_hours=_told([lead for lead in leads if lead is not None]),
    )


def _standing(
    found: Mapping[str, Sequence[int | None]], standing: Mapping[str, Sequence[Standing]], happenings: Happenings
) -> dict[str, Share]:
    """By kind, how many events had a call in time, or an alert that stood in that time; `found` is in their order."""
    stood: dict[str, list[bool]] = {kind: [] for kind in found}
    for patient_id, events in happenings.events.items():
        for event in events:
            stood[event.kind].append(_stood(standing.get(patient_id, ()), event.at))
    return {
        kind: share_of(
            sum(lead is not None or is_up for lead, is_up in zip(leads, stood[kind], strict=True)), len(leads)
        )
        for kind, leads in found.items()
    }


def _stood(standing: Sequence[Standing], event_at: int) -> bool:
    return any(at < event_at and (until is None or until > event_at - WITHIN) for at, until in standing)


def _lead(times: Sequence[int], event_at: int) -> int | None:
    """From the first alert in the hours before an event to the event."""
    first = bisect_left(times, event_at - WITHIN)
    return event_at - times[first] if first < len(times) and times[first] < event_at else None


def _share(leads: Sequence[int | None]) -> Share:
    return share_of(sum(lead is not None for lead in leads), len(leads))


def _told(leads: Sequence[int]) -> Lead | None:
    if not leads:
        return None
    low, middle, high = (np.percentile(leads, [25, 50, 75]) / HOUR).round(2).tolist()
    return Lead(median=middle, lower_quartile=low, upper_quartile=high)
