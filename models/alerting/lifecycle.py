"""The life of an alert: pending, active, acknowledged, latched, closed. Each change is a revision."""

from collections.abc import Callable

from msgspec import structs

from models.alerting import flapping
from models.alerting.policy import DECISIONS, Rules
from models.alerting.revision import revision_of
from models.alerting.state import RANK, OpenAlert, name_of
from models.alerting.subject import Subject
from models.events import Alert, Inhibitor

_PRIORITIES_KEPT = 31
_CLOSED_KEPT = 16
_LATCHED_CLEARS_WHEN = "Somebody acknowledges it."
_CLOSED_CLEARS_WHEN = "Nothing more: it is closed."

Unheard = Callable[[str | None], bool]
"""Whether a gateway is not heard, so that silence of the devices behind it says nothing of them."""


def all_heard(_gateway_id: str | None) -> bool:
    """No gateway is known to be silent."""
    return False


class Lifecycle:
    """Moves the alerts of one patient, or of one gateway, on through one event, and keeps what is to be told.

    `at` is the event's own time: that of a tick, or of the patient's reading. `rules` are what is in force. `raised` is
    what turned bad or worse, and `owed` the ids of alerts a notification of which was held back and is due now.
    """

    def __init__(
        self,
        subject: Subject,
        at: int,
        rules: Rules = DECISIONS,
        *,
        is_tick: bool = False,
        is_unheard: Unheard = all_heard,
    ) -> None:
        self.subject = subject
        self.rules = rules
        self.is_unheard = is_unheard
        self.at = at
        self.is_tick = is_tick
        self.told: list[Alert] = []
        self.raised: list[OpenAlert] = []
        self.owed: list[str] = []

    # --- What time does ----------------------------------------------------------------------------------------------

    def pass_time(self) -> None:
        """Carries out what has fallen due by this event's time; what was silenced until then sounds again at a tick."""
        pause = self.subject.pause
        if pause is not None and self.is_tick and self.at >= pause.until:
            self.end_pause()
        for alert in list(self.subject.alerts):
            if alert.state == "pending":
                self._pending_due(alert)
            elif alert.is_sounding:
                self._step_due(alert)
                self._clearing_due(alert)
                self._acknowledgement_due(alert)
            if self.is_tick and (alert.snooze is not None or alert.released is not None):
                self._release_due(alert)

    def _pending_due(self, alert: OpenAlert) -> None:
        if alert.stale:
            self.end(alert, "Its value went stale before its delay had passed.")
        elif alert.due is not None and self.at >= alert.due and (self.is_tick or not alert.by_tick):
            self._activate(alert)

    def _step_due(self, alert: OpenAlert) -> None:
        if alert.step is None or (alert.stale and alert.kind != "news2"):  # a score rises on its fresh parts alone
            return
        priority, due, by_tick = alert.step
        if self.at >= due and (self.is_tick or not by_tick):
            alert.step = None
            alert.priority = priority
            self._sound(alert)

    def _clearing_due(self, alert: OpenAlert) -> None:
        if alert.clearing is not None and self.at >= alert.clearing[1] and not alert.stale:
            self.clear(alert)

    def _acknowledgement_due(self, alert: OpenAlert) -> None:
        expires = alert.acknowledgement_expires
        if alert.state == "acknowledged" and expires is not None and self.at >= expires:
            alert.acknowledgement = None
            self._sound(alert)

    def _release_due(self, alert: OpenAlert) -> None:
        """A snooze is over, or what else held a notification back for a time."""
        is_over = alert.snooze is not None and self.at >= alert.snooze.until
        if is_over:
            alert.snooze = None
        if is_over or (alert.released is not None and self.at >= alert.released):
            self._release(alert)

    def end_pause(self) -> None:
        """Lets limits and silence sound again: what was held back is told, if it still holds."""
        self.subject.pause = None
        for alert in self.subject.alerts:
            if alert.inhibited_by == "pause":
                self._release(alert)

    def _release(self, alert: OpenAlert) -> None:
        alert.released = None
        if alert in self.raised:
            return
        if alert.state == "active":
            self.raised.append(alert)
            self.owed.append(alert.alert_id)
        self.tell(alert)

    def mark_stale(self, alert: OpenAlert, *, is_stale: bool) -> None:
        """Marks an alert whose values are no longer fresh, or are again; it stays as it is otherwise."""
        if alert.stale != is_stale and alert.state != "latched":
            alert.stale = is_stale
            if alert.is_sounding:
                self.tell(alert)

    # --- Steps -------------------------------------------------------------------------------------------------------

    def _activate(self, alert: OpenAlert) -> None:
        alert.due = None
        same = [other for other in self.subject.alerts if other.state == "latched" and other.key == alert.key]
        for latched in [other for other in same if RANK[other.priority] <= RANK[alert.priority]]:
            self.end(latched, "It is back, as a new alert.")
        self._sound(alert)

    def _sound(self, alert: OpenAlert) -> None:
        """Active, or still acknowledged where the answer covers this priority."""
        covered = RANK[alert.acknowledged_priority] >= RANK[alert.priority]
        alert.state = "acknowledged" if covered else "active"
        if alert.snooze is not None and RANK[alert.snooze.priority] < RANK[alert.priority]:
            alert.snooze = None
        if covered:
            alert.inhibited_by = alert.released = None
        else:
            alert.unanswered = max(alert.unanswered, alert.priority, key=lambda priority: RANK[priority])
            self.raised.append(alert)
        self.tell(alert)

    def clear(self, alert: OpenAlert) -> None:
        """What its clearing comes to: a lower priority, the end, or a wait for somebody to answer."""
        target = alert.clearing[0] if alert.clearing else None
        alert.clearing, alert.stale = None, False  # nothing clears but on fresh values
        if target is not None:
            alert.priority, alert.step = target, None
            alert.peak_points = -1
            self.tell(alert)
        elif alert.category == "physiological" and alert.unanswered == "high":
            self._leave_episode(alert)
            alert.state, alert.priority, alert.clears_when = "latched", alert.unanswered, _LATCHED_CLEARS_WHEN
            alert.inhibited_by = alert.released = None
            self.tell(alert)
        else:
            self.end(alert, alert.reason)

    def end(self, alert: OpenAlert, reason: str) -> None:
        """Closes one alert, for that reason, whatever its state."""
        self._leave_episode(alert)
        flapping.note_end(self.subject, alert, self.at)
        if alert.state != "pending":
            self.subject.closed = (*self.subject.closed, alert.alert_id)[-_CLOSED_KEPT:]
        alert.state, alert.reason, alert.clearing, alert.step = "closed", reason, None, None
        alert.snooze = alert.inhibited_by = alert.released = None
        alert.clears_when = _CLOSED_CLEARS_WHEN
        self.tell(alert)
        self.subject.alerts.remove(alert)
        if alert in self.raised:
            self.raised.remove(alert)

    def end_all(self, reason: str) -> None:
        """Closes every alert, and whatever silences one."""
        for alert in list(self.subject.alerts):
            self.end(alert, reason)
        self.subject.episode = self.subject.pause = None

    def act_at_once(self, alert: OpenAlert) -> None:
        """Lets one alert without a delay sound, or rise, at an event that lets no time pass."""
        if alert.state == "pending":
            self._pending_due(alert)
        else:
            self._step_due(alert)

    def hold(self, alert: OpenAlert, inhibitor: Inhibitor) -> None:
        """Tells why nobody is notified of an alert."""
        alert.inhibited_by = inhibitor
        self.amend(alert, notify=False, inhibited_by=inhibitor)

    def _leave_episode(self, alert: OpenAlert) -> None:
        episode = self.subject.episode
        if episode is not None and alert.episode_id == episode.episode_id and name_of(alert.key) in episode.notified:
            episode.cleared = [*episode.cleared, name_of(alert.key)]

    def tell(self, alert: OpenAlert) -> None:
        """Adds a revision to what is told."""
        alert.revision += 1
        if not alert.priorities or alert.priorities[-1][1] != alert.priority:
            alert.priorities = [*alert.priorities[-_PRIORITIES_KEPT:], (alert.revision, alert.priority)]
        self.told.append(revision_of(self.subject, alert, self.at, self.rules.version))

    def has_told(self, alert: OpenAlert) -> bool:
        """Whether this event has told a revision of an alert."""
        return any(told.alert_id == alert.alert_id for told in self.told)

    def tell_of(self, alert: OpenAlert, **changes: object) -> None:
        """Tells a revision with changes of its own, or changes the one that this event has told already."""
        if not self.has_told(alert):
            self.tell(alert)
        self.amend(alert, **changes)

    def amend(self, alert: OpenAlert, **changes: object) -> None:
        """Changes the newest revision told of an alert, before it leaves."""
        for index in range(len(self.told) - 1, -1, -1):
            if self.told[index].alert_id == alert.alert_id:
                self.told[index] = structs.replace(self.told[index], **changes)
                return
