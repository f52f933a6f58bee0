"""The alerts that are open: the newest revision of each, and which of them were notified."""

from collections import Counter, deque
from collections.abc import Iterator
from datetime import datetime

from consumers.board import words
from consumers.board.rows import AlertLine
from models.alerting.state import RANK
from models.events import Alert
from models.vital_signs import SIGNS

_MOST_UNSAID = 1_000
_OPEN = frozenset({"active", "acknowledged", "latched"})
_TITLES = {
    "news2": "NEWS2",
    "no-data": "no data",
    "anomaly": "unusual",
    "risk": "risk",
    "gateway": "gateway",
    "delivery": "undelivered",
}


class OpenAlerts:
    """Keeps every open alert; a pending one is not open yet, a closed one is forgotten."""

    def __init__(self) -> None:
        self._open: dict[str, dict[str, Alert]] = {}
        self._notified_at: dict[str, datetime] = {}
        self._unsaid: deque[AlertLine] = deque(maxlen=_MOST_UNSAID)

    def take(self, alert: Alert) -> bool:
        """Takes one revision and says whether it is news; of an older one only that it called somebody is kept."""
        of_patient = self._open.setdefault(alert.subject, {})
        known = of_patient.get(alert.alert_id)
        if known is not None and alert.revision <= known.revision:
            if alert.notify:
                self._note(alert)
            return False
        if alert.state not in _OPEN:
            self.forget(alert)
            return True
        of_patient[alert.alert_id] = alert
        if alert.notify:
            self._note(alert)
            self._unsaid.append(self.line(alert, alert.at))
        return True

    def forget(self, alert: Alert) -> None:
        """Forgets an alert that is over."""
        of_patient = self._open.get(alert.subject, {})
        of_patient.pop(alert.alert_id, None)
        self._notified_at.pop(alert.alert_id, None)
        if not of_patient:
            self._open.pop(alert.subject, None)

    def newly_notified(self) -> list[AlertLine]:
        """What was notified since the last call, the oldest first, even if it has closed meanwhile."""
        said = sorted(self._unsaid, key=_newest_first, reverse=True)
        self._unsaid.clear()
        return said

    def rank(self, patient_id: str) -> int:
        """The highest priority that is open for a patient; -1 for none."""
        return max((RANK[alert.priority] for alert in self._open.get(patient_id, {}).values()), default=-1)

    def of(self, patient_id: str, now: datetime) -> tuple[AlertLine, ...]:
        """A patient's open alerts: the most urgent first, notified before mere evidence."""
        return tuple(self.line(alert, now) for alert in self.standing(patient_id))

    def standing(self, subject: str) -> list[Alert]:
        """The open alerts of a patient or a gateway, in that order."""
        return sorted(self._open.get(subject, {}).values(), key=self._urgency)

    def notified_at(self, alert: Alert) -> datetime | None:
        """When somebody was called to an open alert last, as far as is known."""
        return self._notified_at.get(alert.alert_id)

    def _note(self, alert: Alert) -> None:
        self._notified_at[alert.alert_id] = max(alert.at, self._notified_at.get(alert.alert_id, alert.at))

    def _urgency(self, alert: Alert) -> tuple[int, bool, datetime]:
        return -RANK[alert.priority], alert.alert_id not in self._notified_at, alert.since

    def notified(self, now: datetime) -> list[AlertLine]:
        """Open alerts that were notified, the newest notification first; where none is left, a patient's most urgent.

        Evidence is not among them as long as what it hangs on is open, but whatever stands alone is told why.
        """
        lines: list[AlertLine] = []
        for patient_id in self._open:
            of_patient = self.of(patient_id, now)
            lines += [line for line in of_patient if line.notified_at is not None] or of_patient[:1]
        return sorted(lines, key=_newest_first)

    def line(self, alert: Alert, now: datetime) -> AlertLine:
        """One alert as people read it."""
        return AlertLine(
            alert_id=alert.alert_id,
            revision=alert.revision,
            patient_id=alert.subject,
            gateway_id=alert.gateway_id,
            place=words.place(alert.ward, alert.bed, alert.subject),
            title=title(alert),
            priority=alert.priority,
            state=alert.state,
            is_stale=alert.stale,
            since=alert.since,
            age=now - alert.since,
            notified_at=self._notified_at.get(alert.alert_id),
            reason=alert.reason,
            clears_when=alert.clears_when,
        )

    def counts(self) -> Counter[tuple[str, str]]:
        """How many are open, by kind and priority."""
        return Counter((alert.kind, alert.priority) for alert in self._all())

    def _all(self) -> Iterator[Alert]:
        for of_patient in self._open.values():
            yield from of_patient.values()


def _newest_first(line: AlertLine) -> tuple[float, int, str]:
    at = 0.0 if line.notified_at is None else line.notified_at.timestamp()
    return -at, -RANK[line.priority], line.alert_id


def title(alert: Alert) -> str:
    """What an alert is about, in two or three words."""
    sign = SIGNS.get(alert.code) if alert.code else None
    if alert.kind not in ("limit", "zero") or sign is None:
        return _TITLES.get(alert.kind, alert.kind)
    return f"{sign.title} {'zero' if alert.kind == 'zero' else alert.direction or ''}".rstrip()
