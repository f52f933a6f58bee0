"""What must come of a scenario and what must not, as data, and the one way to hold outputs against it."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from msgspec import UNSET, Struct

from models.alerting.state import RANK
from models.events import (
    Alert,
    AlertKind,
    Assessment,
    Category,
    DeadLetter,
    DeadLetterReason,
    Detector,
    Direction,
    Finding,
    Output,
    Priority,
    RefusedReason,
)

_FIRM = frozenset({"active", "acknowledged"})


class Expectation(Struct, frozen=True, kw_only=True):
    """One alert that must be active within a time of the onset: of one of the kinds, at least of that priority.

    No code or direction: any.
    """

    kinds: tuple[AlertKind, ...]
    within: timedelta
    code: str | None = None
    direction: Direction | None = None
    priority: Priority = "medium"

    def is_met_by(self, alert: Alert, onset: datetime) -> bool:
        """Whether this revision is the expected one."""
        return (
            alert.state in _FIRM
            and alert.kind in self.kinds
            and self.code in (None, alert.code)
            and self.direction in (None, alert.direction)
            and RANK[alert.priority] >= RANK[self.priority]
            and onset <= alert.at <= onset + self.within
        )


class Exclusion(Struct, frozen=True, kw_only=True):
    """Alerts that must not be active from the onset on: of that category, at or over a priority."""

    category: Category
    priority: Priority = "low"

    def is_broken_by(self, alert: Alert, onset: datetime) -> bool:
        """Whether this revision should not have been."""
        is_meant = alert.category == self.category and RANK[alert.priority] >= RANK[self.priority]
        return is_meant and alert.state in _FIRM and alert.at >= onset


class Notice(Struct, frozen=True, kw_only=True):
    """One finding that must begin within a time of the onset: of that detector and category, about that code."""

    detector: Detector
    category: Category
    code: str
    within: timedelta

    def is_met_by(self, finding: Finding, at: datetime, onset: datetime) -> bool:
        """Whether this finding, told at that time, is the expected one."""
        is_meant = (finding.detector, finding.category) == (self.detector, self.category) and finding.state == "begun"
        return is_meant and self.code in finding.codes[:1] and onset <= at <= onset + self.within


class Expected(Struct, frozen=True, kw_only=True):
    """All that a scenario promises.

    `refused` and `dead_letters` are the only reasons for which anything may be turned away, and each must occur;
    `marks` are what some assessment must be marked as, and without which none may be. `findings` must be told; of a
    category in `unfound` none may begin from the onset on, while the scenario takes, and of an alert of a kind in
    `unnotified` nobody may be notified.
    """

    alerts: tuple[Expectation, ...] = ()
    never: tuple[Exclusion, ...] = ()
    refused: tuple[RefusedReason, ...] = ()
    dead_letters: tuple[DeadLetterReason, ...] = ()
    marks: tuple[str, ...] = ()
    findings: tuple[Notice, ...] = ()
    unfound: tuple[Category, ...] = ()
    unnotified: tuple[AlertKind, ...] = ()


def met_at(expected: Expectation, onset: datetime, alerts: Iterable[Alert]) -> datetime | None:
    """When an expected alert first stood; none when it did not."""
    return min((alert.at for alert in alerts if expected.is_met_by(alert, onset)), default=None)


def unmet(expected: Expected, onset: datetime, outputs: Iterable[Output]) -> list[str]:
    """What was promised and did not happen, or happened and should not, in the outputs of one patient's partition.

    One sentence each; empty when the promise is kept. `outputs` hold only what is of that patient, or the gateway.
    """
    told = list(outputs)
    alerts = [output for output in told if isinstance(output, Alert)]
    seen = {*_reasons(told)}
    findings = [*_findings(told, onset)]
    unseen = [each for each in expected.findings if not any(each.is_met_by(found, at, onset) for at, found in findings)]
    strange = [(at, found) for at, found in findings if found.category in expected.unfound and found.state == "begun"]
    missing = [each for each in expected.alerts if met_at(each, onset, alerts) is None]
    broken = [alert for each in expected.never for alert in alerts if each.is_broken_by(alert, onset)]
    loud = [each for each in alerts if each.kind in expected.unnotified and each.notify and each.at >= onset]
    wanted = {*expected.refused, *expected.dead_letters, *expected.marks}
    return [
        *(f"No {_named(each)} within {each.within}." for each in missing),
        *(f"An alert that must not be, at {alert.at}: {alert.reason}" for alert in broken),
        *(f"A notification that must not be, at {each.at}: {each.reason}" for each in loud),
        *(f"No {each.detector} finding of {each.code} within {each.within}." for each in unseen),
        *(f"A finding that must not be, at {at}: {found.reason}" for at, found in strange),
        *(f"Nothing was {reason}." for reason in sorted(wanted - seen)),
        *(f"Something was {reason}, which nobody expected." for reason in sorted(seen - wanted)),
    ]


def _reasons(outputs: Iterable[Output]) -> Iterator[str]:
    """Why records or measurements were turned away, and how assessments are marked."""
    for output in outputs:
        if isinstance(output, DeadLetter):
            yield output.reason
        elif isinstance(output, Assessment):
            yield from (refused.reason for refused in output.refused)
            if output.amended:
                yield "amended"
            if output.duplicate:
                yield "duplicate"


def _findings(outputs: Iterable[Output], onset: datetime) -> Iterator[tuple[datetime, Finding]]:
    """What was found from the onset on, and when it was told."""
    for output in outputs:
        if isinstance(output, Assessment) and output.findings is not UNSET and output.at >= onset:
            yield from ((output.at, found) for found in output.findings)


def _named(each: Expectation) -> str:
    words = (each.priority, " or ".join(each.kinds), "alert", each.code, each.direction)
    return " ".join(word for word in words if word)
