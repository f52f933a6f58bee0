"""What an answer does to the alert that it is about, or to all of a patient."""

from datetime import datetime

from models.alerting import episodes
from models.alerting.answering import NotAccepted
from models.alerting.lifecycle import Lifecycle
from models.alerting.state import RANK, OpenAlert, Paused, Snoozed
from models.events import Acknowledgement, Answered, Feedback, Pause, Priority, Snooze
from models.instants import HOUR, MINUTE, instant_of

LONGEST = 4 * HOUR
"""So long an alert can be snoozed, or a patient paused, at most."""

_AHEAD = 10 * MINUTE  # As far ahead of the log as a reading without `received_at` may be.


def acknowledge(lifecycle: Lifecycle, answer: Acknowledgement, _clock: int | None) -> int | None:
    """Quiets the priority of the revision seen, not a higher one; since when somebody knew. Raises NotAccepted."""
    alert = _answerable(lifecycle, answer.alert_id, answer.revision)
    expires = instant_of(answer.expires_at) if answer.expires_at is not None else None
    if expires is not None and expires <= lifecycle.at:
        raise NotAccepted("It had expired before it was heard.")
    seen = _seen(alert, answer.revision)
    alert.acknowledgement = Answered(
        by=answer.by,
        at=answer.at,
        priority=seen,
        reason=answer.reason,
        expires_at=answer.expires_at,
    )
    notified_at = alert.notified_at
    alert.unanswered = alert.notified_at = None
    alert.snooze = alert.inhibited_by = alert.released = None
    if alert.state == "latched":
        lifecycle.end(alert, f"Acknowledged by {answer.by} after it had cleared.")
    else:
        alert.state = "acknowledged"
        lifecycle.tell(alert)
    return notified_at


def snooze(lifecycle: Lifecycle, answer: Snooze, clock: int | None) -> None:
    """Quiets the priority of the revision seen until then, not a higher one; raises NotAccepted."""
    alert = _answerable(lifecycle, answer.alert_id, answer.revision)
    if alert.state == "latched":
        raise NotAccepted("It has cleared already and only waits to be acknowledged: acknowledge it.")
    if alert.state == "acknowledged":
        raise NotAccepted(f"{alert.acknowledged_by} has acknowledged it: it sounds only if it gets worse.")
    seen = _seen(alert, answer.revision)
    until = _end_of(answer.until, answer.at, clock)
    if until <= lifecycle.at:
        raise NotAccepted("Its `until` is not after now: give a later one.")
    alert.snooze = Snoozed(until, seen)
    episodes.forget_signs_gone(lifecycle)
    lifecycle.tell(alert)


def pause(lifecycle: Lifecycle, answer: Pause, clock: int | None) -> None:
    """Silences limits and silence of a patient until then, or no longer; raises NotAccepted."""
    subject, until = lifecycle.subject, _end_of(answer.until, answer.at, clock)
    if until <= instant_of(answer.at):
        if subject.pause is None:
            raise NotAccepted("There is no pause to end.")
        lifecycle.end_pause()
    elif until <= lifecycle.at:
        raise NotAccepted("It was over before it was heard: give a later `until`.")
    else:
        subject.pause = Paused(until, answer.by, answer.reason)


def give_feedback(lifecycle: Lifecycle, answer: Feedback, _clock: int | None) -> None:
    """Notes of what use an alert was, also of one that closed of late, which it does not open; raises NotAccepted."""
    alert = _open(lifecycle, answer.alert_id)
    if alert is None:
        if answer.alert_id not in lifecycle.subject.closed:
            raise NotAccepted("No such alert is open or among the last that closed.")
        return
    if alert.state == "pending":
        raise NotAccepted("It is still pending: nobody was told of it yet.")
    alert.feedback = answer.usefulness
    lifecycle.tell(alert)


def _end_of(until: datetime, at: datetime, clock: int | None) -> int:
    """When what silences ends; raises NotAccepted for a time too far away."""
    begins = instant_of(at) if clock is None else min(instant_of(at), clock + _AHEAD)
    if instant_of(until) - begins > LONGEST:
        raise NotAccepted("It would last over 4 h, the longest there is: give an earlier `until`.")
    return instant_of(until)


def _open(lifecycle: Lifecycle, alert_id: str) -> OpenAlert | None:
    return next((each for each in lifecycle.subject.alerts if each.alert_id == alert_id), None)


def _answerable(lifecycle: Lifecycle, alert_id: str, revision: int) -> OpenAlert:
    """The alert that an answer is about; raises NotAccepted where there is nothing to answer."""
    alert = _open(lifecycle, alert_id)
    if alert is None:
        raise NotAccepted("No such alert is open: it is closed, or never was.")
    if alert.state == "pending":
        raise NotAccepted("It is still pending: nobody was told of it yet.")
    if not 1 <= revision <= alert.revision:
        raise NotAccepted(f"It has no revision {revision}: its last is {alert.revision}.")
    return alert


def _seen(alert: OpenAlert, revision: int) -> Priority:
    """The priority of the revision that was seen; raises NotAccepted when the alert has become more urgent."""
    seen = next((told for since, told in reversed(alert.priorities) if since <= revision), None)
    if seen is None or RANK[seen] < RANK[alert.priority]:
        raise NotAccepted(f"It has become {alert.priority} since revision {revision}: look again.")
    return seen
