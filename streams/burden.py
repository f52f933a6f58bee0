"""The counters of what alerts ask of people: what they were told, what was held back, how long answers took."""

from itertools import product
from typing import get_args

from prometheus_client import CollectorRegistry, Counter, Histogram

from models.events import Alert, AlertKind, AnswerResult, Inhibitor, Priority, Usefulness

_MOST_HELD = 10_000
_WAITED_SECONDS = (15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400)


class Burden:
    """Counts alerts and answers as they are committed; an alert held back is counted once for each reason in turn.

    A worker that starts anew counts what is held back then once more, at its next revision.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self._held: dict[str, str] = {}
        self._revisions = Counter(
            "vigil_alert_revisions", "Revisions of alerts.", ["kind", "priority"], registry=registry
        )
        self._alerts = Counter(
            "vigil_alerts", "Alerts that notify someone.", ["kind", "priority", "ward"], registry=registry
        )
        self._inhibited = Counter(
            "vigil_alerts_inhibited",
            "Alerts of which nobody was notified though they hold.",
            ["reason", "ward"],
            registry=registry,
        )
        self._waited = Histogram(
            "vigil_time_to_acknowledge_seconds",
            "Event time from the first notification to the acknowledgement.",
            buckets=_WAITED_SECONDS,
            registry=registry,
        )
        self._feedback = Counter(
            "vigil_alert_feedback", "Alerts of whose use somebody told.", ["usefulness"], registry=registry
        )
        for usefulness in get_args(Usefulness):
            self._feedback.labels(usefulness)

    def begin_ward(self, ward: str) -> None:
        """Lets the counters of a ward begin at 0."""
        for kind, priority in product(get_args(AlertKind), get_args(Priority)):
            self._alerts.labels(kind, priority, ward)
        for reason in get_args(Inhibitor):
            self._inhibited.labels(reason, ward)

    def count_alert(self, alert: Alert, ward: str) -> None:
        """Counts one revision: whether it notifies, or is held back and was not for that reason before."""
        self._revisions.labels(alert.kind, alert.priority).inc()
        self._alerts.labels(alert.kind, alert.priority, ward).inc(alert.notify)
        before, reason = self._held.pop(alert.alert_id, None), alert.inhibited_by
        if reason is None:
            return
        self._held[alert.alert_id] = reason
        if reason != before:
            self._inhibited.labels(reason, ward).inc()
        if len(self._held) > _MOST_HELD:
            del self._held[next(iter(self._held))]

    def count_answer(self, result: AnswerResult) -> None:
        """Counts what became of one answer."""
        if result.notified_at is not None:
            self._waited.observe(max(0.0, (result.at - result.notified_at).total_seconds()))
        if result.usefulness is not None and result.accepted:
            self._feedback.labels(result.usefulness).inc()
