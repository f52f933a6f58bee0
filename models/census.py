"""How many patients a partition watches and what is open there, by ward: kept up as the fold goes, for the gauges."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Literal, get_args

from msgspec import Struct

from models.alerting.subject import Subject
from models.events import ModelName
from models.instants import moment_of
from models.picture import Patient

Ward = str | None
"""What the context calls the patient's ward; None where nobody told."""

WithoutRisk = Literal["not-applicable", "nothing-known", "no-model"]
"""Why nothing is foretold of a patient: adult scores do not apply; no part of one was ever known; there is no model."""


class Census(Struct):
    """What is watched and open at one moment.

    `without_risk` is by ward and reason (`WithoutRisk`), `open_alerts` by kind, priority and ward. `oldest_unanswered`
    is since when the condition holds of the oldest alert that is high, and active or latched: nobody has acknowledged
    it. `gateways_heard` is when each gateway that ever sent a heartbeat sent its last.
    """

    monitored: Mapping[Ward, int]
    never_scored: Mapping[Ward, int]
    without_risk: Mapping[tuple[Ward, str], int]
    open_alerts: Mapping[tuple[str, str, Ward], int]
    oldest_unanswered: Mapping[Ward, datetime]
    clock: datetime | None
    gateways_heard: Mapping[str, datetime]
    ticks_ignored: int
    looks_failed: int
    examples_dropped: Mapping[str, int]
    risk_faults: int
    model_versions: Mapping[ModelName, int]


class Tally:
    """The counts themselves: a patient is taken out before an event and put back after it."""

    def __init__(self) -> None:
        self._monitored: Counter[tuple[Ward, bool, bool]] = Counter()
        self._open_alerts: Counter[tuple[str, str, Ward]] = Counter()
        self._unanswered: set[tuple[Ward, int, str]] = set()

    def add(self, patient: Patient | None) -> None:
        """Counts a patient in; nobody is nothing."""
        self._count(patient, +1)

    def remove(self, patient: Patient | None) -> None:
        """Counts a patient out."""
        self._count(patient, -1)

    def census(
        self,
        *,
        clock: datetime | None,
        gateways_heard: Mapping[str, datetime],
        ticks_ignored: int,
        looks_failed: int,
        examples_dropped: Mapping[str, int],
        risk_faults: int,
        model_versions: Mapping[ModelName, int],
    ) -> Census:
        """What the counts say now; costs something for each ward and each unanswered alert, nothing for a patient."""
        monitored: Counter[Ward] = Counter()
        never_scored: Counter[Ward] = Counter()
        for (ward, is_scored, _), count in self._monitored.items():
            monitored[ward] += count
            never_scored[ward] += 0 if is_scored else count
        oldest: dict[Ward, int] = {}
        for ward, since, _ in self._unanswered:
            oldest[ward] = min(since, oldest.get(ward, since))
        return Census(
            monitored={ward: count for ward, count in monitored.items() if count},
            never_scored={ward: never_scored[ward] for ward, count in monitored.items() if count},
            without_risk=self._without_risk(has_model="deterioration" in model_versions),
            open_alerts={key: count for key, count in self._open_alerts.items() if count},
            oldest_unanswered={ward: moment_of(since) for ward, since in oldest.items()},
            clock=clock,
            gateways_heard=gateways_heard,
            ticks_ignored=ticks_ignored,
            looks_failed=looks_failed,
            examples_dropped=examples_dropped,
            risk_faults=risk_faults,
            model_versions=model_versions,
        )

    def _without_risk(self, *, has_model: bool) -> dict[tuple[Ward, str], int]:
        """Of each ward with patients every reason, so that none is forgotten where its count is 0."""
        found: dict[tuple[Ward, str], int] = {}
        for (ward, is_scored, is_adult), count in self._monitored.items():
            if not count:
                continue
            for reason in get_args(WithoutRisk):
                found.setdefault((ward, reason), 0)
            if not is_adult:
                found[ward, "not-applicable"] += count
            elif not is_scored:
                found[ward, "nothing-known"] += count
            elif not has_model:
                found[ward, "no-model"] += count
        return found

    def _count(self, patient: Patient | None, change: int) -> None:
        if patient is None:
            return
        ward = patient.known.ward
        if patient.monitored:
            self._monitored[ward, patient.scored, patient.applies_to_adults] += change
        self.count_alerts(patient, change)

    def count_alerts(self, subject: Subject | None, change: int) -> None:
        """Counts the alerts of a patient or of a gateway in (1) or out (-1)."""
        if subject is None:
            return
        ward = subject.ward
        for alert in subject.alerts:
            if alert.state != "pending":
                self._open_alerts[alert.kind, alert.priority, ward] += change
                if alert.priority == "high" and alert.state != "acknowledged":
                    self._count_unanswered((ward, alert.since, alert.alert_id), change)

    def _count_unanswered(self, unanswered: tuple[Ward, int, str], change: int) -> None:
        if change > 0:
            self._unanswered.add(unanswered)
        else:
            self._unanswered.discard(unanswered)
