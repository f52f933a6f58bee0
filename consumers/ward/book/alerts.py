"""The alerts that the ward page knows: those that are open, whole, and those that closed of late."""

from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime

from consumers.board.alerts import OpenAlerts
from consumers.ward.book import rows
from consumers.ward.views.ward import AlertBrief, GatewayView
from models.events import Alert

_CLOSED_KEPT = 1_000
_NOT_OPEN = frozenset({"pending", "closed"})


class WardAlerts:
    """Takes revisions in any order of topics and knows which alerts are open, of whom, and in short."""

    def __init__(self) -> None:
        self._open = OpenAlerts()
        self._by_id: dict[str, Alert] = {}
        self._closed: OrderedDict[str, Alert] = OrderedDict()
        self._gateways: set[str] = set()
        self._stood: set[str] = set()

    def take(self, alert: Alert) -> bool:
        """Takes one revision, and says whether it is news."""
        if not self._open.take(alert):
            return False
        if alert.state in _NOT_OPEN:
            self._by_id.pop(alert.alert_id, None)
            self._stood.discard(alert.alert_id)
        else:
            self._by_id[alert.alert_id] = alert
        if alert.state == "closed":
            self._closed[alert.alert_id] = alert
            if len(self._closed) > _CLOSED_KEPT:
                self._closed.popitem(last=False)
        self._count(alert)
        return True

    def take_standing(self, alert: Alert) -> None:
        """Takes an alert that stands, of which nothing else may be known: not even when it called somebody."""
        self.take(alert)
        if alert.alert_id in self._by_id:
            self._stood.add(alert.alert_id)

    def forget(self, alert_id: str) -> Alert | None:
        """Forgets an alert of which is only known that it is over, and gives it."""
        alert = self._by_id.pop(alert_id, None)
        self._stood.discard(alert_id)
        if alert is not None:
            self._open.forget(alert)
            self._count(alert)
        return alert

    def all(self) -> Iterable[Alert]:
        """Every open alert."""
        return self._by_id.values()

    def find(self, alert_id: str) -> Alert | None:
        """An open alert."""
        return self._by_id.get(alert_id)

    def find_or_closed(self, alert_id: str) -> Alert | None:
        """An alert that is open, or was one of the last thousand that closed."""
        return self._by_id.get(alert_id) or self._closed.get(alert_id)

    def standing(self, subject: str) -> list[Alert]:
        """The open alerts of a patient or a gateway, the most urgent first."""
        return self._open.standing(subject)

    def briefs(self, standing: list[Alert]) -> list[AlertBrief]:
        """Alerts in short."""
        return [rows.brief(alert, self._notified_at(alert)) for alert in standing]

    def gateways(self) -> list[GatewayView]:
        """Gateways with an open alert of their own."""
        return [
            GatewayView(gateway_id=each, alerts=self.briefs(self.standing(each))) for each in sorted(self._gateways)
        ]

    def _notified_at(self, alert: Alert) -> datetime | None:
        """When it called somebody: whatever stood before and nothing inhibits did so, at the earliest at its begin."""
        known = self._open.notified_at(alert)
        if known is None and alert.alert_id in self._stood and alert.inhibited_by is None:
            return alert.since
        return known

    def _count(self, alert: Alert) -> None:
        if alert.patient_id is None:
            has_any = bool(self.standing(alert.subject))
            (self._gateways.add if has_any else self._gateways.discard)(alert.subject)
