"""What is marked on a patient's charts: alerts, outcomes and pauses."""

from msgspec.structs import replace

from consumers.board.alerts import title
from consumers.ward.views.course import Mark
from models.alerting.heeding import LONGEST
from models.context import ENDS
from models.events import Alert, Outcome, Pause
from models.instants import instant_of

_MOST_ALERTS = 200
_MOST_OTHERS = 100


class Marks:
    """The alerts of a patient that were more than pending, outcomes and pauses; a mark takes about 300 bytes.

    At most 200 alerts are kept and 100 of the others: then the first to come go, but no alert that is open.
    """

    __slots__ = ("_alerts", "_others")

    def __init__(self) -> None:
        self._alerts: dict[str, tuple[int, Mark]] = {}
        self._others: list[Mark] = []

    def take_alert(self, alert: Alert) -> None:
        """Takes a revision, unless a newer one is known."""
        known, _ = self._alerts.get(alert.alert_id, (0, None))
        if alert.revision <= known or (not known and alert.state in ("pending", "closed")):
            return
        mark = Mark(
            kind="alert",
            at=alert.since.timestamp(),
            until=alert.at.timestamp() if alert.state == "closed" else None,
            title=title(alert),
            priority=alert.priority,
            code=alert.code,
            alert_id=alert.alert_id,
        )
        self._alerts[alert.alert_id] = alert.revision, mark
        if len(self._alerts) > _MOST_ALERTS:
            self._forget_first_closed()

    def take_outcome(self, outcome: Outcome) -> None:
        """Takes what really happened; what ends monitoring ends a pause."""
        at = outcome.at.timestamp()
        if outcome.kind in ENDS:
            self._end_pause(at)
        self._add(Mark(kind="outcome", at=at, until=None, title=outcome.kind, priority=None, code=None, alert_id=None))

    def take_pause(self, pause: Pause, clock: int | None) -> None:
        """Takes a pause that a worker accepts; `clock` is the partition's, in microseconds, None before any tick."""
        at, until = instant_of(pause.at), instant_of(pause.until)
        if until - at > LONGEST:
            return
        if until <= at:
            self._end_pause(pause.at.timestamp())
        elif clock is None or until > clock:
            self._end_pause(pause.at.timestamp())
            ends = pause.until.timestamp()
            said = f"paused by {pause.by}: {pause.reason}"
            began = pause.at.timestamp()
            self._add(Mark(kind="pause", at=began, until=ends, title=said, priority=None, code=None, alert_id=None))

    def between(self, since: float, until: float) -> list[Mark]:
        """The marks that have a part in that time (seconds since 1970), the earliest first."""
        marks = [*(mark for _, mark in self._alerts.values()), *self._others]
        within = [mark for mark in marks if mark.at <= until and (_end(mark) is None or since <= (_end(mark) or 0))]
        return sorted(within, key=lambda mark: mark.at)

    def forget_before(self, at: float) -> None:
        """Drops what was over before a time, in seconds since 1970."""
        self._alerts = {name: kept for name, kept in self._alerts.items() if _ends_after(kept[1], at)}
        self._others = [mark for mark in self._others if _ends_after(mark, at)]

    def __len__(self) -> int:
        return len(self._alerts) + len(self._others)

    def _add(self, mark: Mark) -> None:
        if mark not in self._others:
            self._others = [*self._others, mark][-_MOST_OTHERS:]

    def _end_pause(self, at: float) -> None:
        """Lets the pause that stands at a time end there."""
        for place, mark in enumerate(self._others):
            if mark.kind == "pause" and mark.until is not None and mark.at < at < mark.until:
                self._others[place] = replace(mark, until=at)

    def _forget_first_closed(self) -> None:
        for name, (_, mark) in self._alerts.items():
            if mark.until is not None:
                del self._alerts[name]
                return


def _end(mark: Mark) -> float | None:
    """When a mark ends; None for an alert that is open."""
    return mark.at if mark.until is None and mark.kind != "alert" else mark.until


def _ends_after(mark: Mark, at: float) -> bool:
    end = _end(mark)
    return end is None or end >= at
