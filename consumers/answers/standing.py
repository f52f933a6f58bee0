"""The alerts that stand: the newest revision of each, as the compacted topic tells them."""

import sys
from collections import OrderedDict
from collections.abc import Iterable
from typing import Annotated

from msgspec import Meta, Struct

from consumers.outputs import Unreadable, read
from models.alerting.state import RANK
from models.events import Alert, AlertKind, AlertState, Name, Priority

_STATES: dict[AlertState, int] = {"active": 0, "latched": 1, "acknowledged": 2, "pending": 3, "closed": 4}


_CLOSED_KEPT = 1_000


class Overfull(Exception):
    """More alerts stand than are kept; the message says how many are."""


class Selection(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which alerts are meant; what is left open means any, but pending ones only where they are asked for."""

    patient: Annotated[list[Name], Meta(description="Only alerts of these patients.")] = []
    ward: Annotated[list[Name], Meta(description="Only alerts of patients of these wards.")] = []
    priority: Annotated[list[Priority], Meta(description="Only alerts of these priorities.")] = []
    state: Annotated[list[AlertState], Meta(description="Only alerts in these states.")] = []
    kind: Annotated[list[AlertKind], Meta(description="Only alerts of these kinds.")] = []
    all: Annotated[bool, Meta(description="Also pending alerts, which nobody was told of yet.")] = False

    def holds(self, alert: Alert) -> bool:
        """Whether an alert is one of them."""
        return (
            (not self.patient or alert.patient_id in self.patient)
            and (not self.ward or alert.ward in self.ward)
            and (not self.priority or alert.priority in self.priority)
            and (not self.kind or alert.kind in self.kind)
            and (alert.state in self.state if self.state else self.all or alert.state != "pending")
        )


class StandingAlerts:
    """Takes the records of the compacted topic, each partition in its order, and knows what stands.

    The last thousand that closed while it looked on are remembered too: people judge an alert when it is over.
    At most `most` alerts are kept; once there were more, every question raises Overfull: to leave one out is no answer.
    """

    def __init__(self, most: int = sys.maxsize) -> None:
        self._most = most
        self._alerts: dict[bytes, Alert] = {}
        self._closed: OrderedDict[bytes, Alert] = OrderedDict()
        self._unreadable: set[bytes] = set()
        self._is_overfull = False

    def take(self, key: bytes, value: bytes | None) -> None:
        """Takes one record: the newest revision of an alert, or nothing for one that has closed."""
        self._unreadable.discard(key)
        if value is None:
            self._close(key)
            return
        try:
            told = read("alerts", value)
        except Unreadable:
            self._alerts.pop(key, None)
            self._unreadable.add(key)
            return
        assert isinstance(told, Alert)
        if key not in self._alerts and len(self._alerts) >= self._most:
            self._is_overfull = True
            return
        self._alerts[key] = told

    def _close(self, key: bytes) -> None:
        gone = self._alerts.pop(key, None)
        if gone is not None:
            self._closed[key] = gone
            if len(self._closed) > _CLOSED_KEPT:
                self._closed.popitem(last=False)

    @property
    def unreadable(self) -> int:
        """How many stand that this version can't read."""
        return len(self._unreadable)

    def selected(self, selection: Selection) -> list[Alert]:
        """The alerts that are meant, the most urgent first: by priority, by state, the oldest first."""
        return sorted(filter(selection.holds, self._all()), key=_urgency)

    def find(self, alert_id: str) -> Alert | None:
        """The alert of that id; none where none stands."""
        self._check()
        return self._alerts.get(alert_id.encode(errors="replace"))

    def find_or_closed(self, alert_id: str) -> Alert | None:
        """The alert of that id, also as it stood last if it closed of late."""
        return self.find(alert_id) or self._closed.get(alert_id.encode(errors="replace"))

    def beginning_with(self, beginning: str) -> list[Alert]:
        """The alerts whose ids begin so, the most urgent first."""
        return sorted((alert for alert in self._all() if alert.alert_id.startswith(beginning)), key=_urgency)

    def _all(self) -> Iterable[Alert]:
        self._check()
        return self._alerts.values()

    def _check(self) -> None:
        if self._is_overfull:
            raise Overfull(f"more than {self._most:,} alerts stand")


def _urgency(alert: Alert) -> tuple[int, int, float, str]:
    return -RANK[alert.priority], _STATES[alert.state], alert.since.timestamp(), alert.alert_id
