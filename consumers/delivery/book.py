"""What is open of one partition of `alerts`, and what was delivered of it: rebuilt from two topics alone."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec import Struct, field

from consumers.delivery.ledger import Delivery
from models.events import Alert

_QUIETING = ("snooze", "pause", "gateway")  # The others are about one revision, not about what was told before.
_LATE = timedelta(seconds=60)
_SETTLED = timedelta(seconds=5)
_LONGEST_HOLD = timedelta(seconds=60)


class Tenure(Struct, eq=False):
    """The time for which one process has a partition; what it can't have tried before, nobody lost patience over."""

    began_at: datetime | None = None


class Open(Struct, kw_only=True, eq=False):
    """One open alert that people are to be told of.

    `tenure` is the same for all that was read since the partition was taken over, and no other's.
    `notification` is the newest revision that asks for it, `newest` the newest of all; `heard_at` is when Kafka had the
    notification, `begins_at` when its calls begin. `delivered` and `failed` hold the keys of its calls, `handed` of
    those that are being made, `trouble` what went wrong last, by receiver. `look_again_at`: nothing is due before.
    """

    partition: int
    tenure: Tenure
    offset: int
    notification: Alert
    newest: Alert
    heard_at: datetime
    begins_at: datetime
    is_late: bool
    delivered: dict[str, datetime] = field(default_factory=dict)
    failed: dict[str, datetime] = field(default_factory=dict)
    handed: set[str] = field(default_factory=set)
    trouble: dict[str, str] = field(default_factory=dict)
    is_reported: bool = False
    look_again_at: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Whether it has closed while its first calls were being made: they go on, and no others begin."""
        return self.newest.state == "closed"

    def is_answered(self, now: datetime) -> bool:
        """Whether somebody answered, or the alert of a gateway speaks for it: then nobody is called."""
        newest = self.newest
        if newest.state == "acknowledged":
            return True
        if newest.snoozed_until is not None and newest.snoozed_until > now:
            return True
        return newest.inhibited_by in _QUIETING and newest.revision > self.notification.revision


class Book:
    """The open alerts of one partition."""

    def __init__(self, partition: int) -> None:
        self.partition = partition
        self.tenure = Tenure()
        self._open: dict[str, Open] = {}
        self._late_at: datetime | None = None

    def __iter__(self) -> Iterator[Open]:
        return iter(list(self._open.values()))

    def __len__(self) -> int:
        return len(self._open)

    def take(self, alert: Alert, *, offset: int, heard_at: datetime) -> None:
        """One revision, in the order of the topic; one that was taken before changes nothing."""
        is_late = alert.origin == "live" and heard_at - alert.at > _LATE
        if is_late:
            self._late_at = heard_at
        known = self._open.get(alert.alert_id)
        if known is not None and alert.revision <= known.newest.revision:
            return
        if alert.state == "closed":
            self._close(alert, heard_at)
        elif alert.notify:
            self._open[alert.alert_id] = Open(
                partition=self.partition,
                tenure=self.tenure,
                offset=offset,
                notification=alert,
                newest=alert,
                heard_at=heard_at,
                begins_at=heard_at,
                is_late=is_late,
                is_reported=known is not None and known.is_reported,
            )
        elif known is not None:
            known.newest, known.look_again_at = alert, None

    def _close(self, alert: Alert, at: datetime) -> None:
        """Forgets an alert that is over, unless somebody is being called who was not told of it yet."""
        known = self._open.get(alert.alert_id)
        if known is None:
            return
        if known.handed and not known.delivered and not known.is_answered(at):
            known.newest, known.look_again_at = alert, None
        else:
            self.forget(known)

    def forget(self, each: Open) -> None:
        """Nobody is to be called for an alert any more."""
        self._open.pop(each.notification.alert_id, None)

    def remember(self, delivery: Delivery) -> None:
        """What the ledger says of an alert that is open; what is over is passed over."""
        known = self._open.get(delivery.alert_id)
        if known is None:
            return
        if delivery.result == "delivered" and delivery.revision == known.notification.revision:
            known.delivered[delivery.key] = delivery.at
        elif delivery.result != "delivered":
            known.is_reported = delivery.result == "unreached"

    def find(self, alert_id: str, revision: int) -> Open | None:
        """An alert that is open and whose newest notification is this revision."""
        known = self._open.get(alert_id)
        return known if known is not None and known.notification.revision == revision else None

    def may_go(self, each: Open, now: datetime) -> bool:
        """Whether an alert need not wait; one that was raised late waits until its partition has caught up.

        It may be over by then. Caught up is when nothing late came for 5 s; none waits for that longer than a minute.
        """
        if each.is_late and self._late_at is not None:
            begins_at = min(self._late_at + _SETTLED, each.heard_at + _LONGEST_HOLD)
            if now < begins_at:
                return False
            each.begins_at, each.is_late = begins_at, False
        return True

    def watermark(self, following: int) -> int:
        """Where a successor must begin to read: at the oldest notification of what is open, else where this one is."""
        return min((each.offset for each in self._open.values()), default=following)
