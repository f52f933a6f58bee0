"""One patient, one episode: of what fires together one alert is notified, the rest hang on it as evidence."""

import hashlib

from models.alerting import quiet, undelivered
from models.alerting.lifecycle import Lifecycle
from models.alerting.state import RANK, Episode, OpenAlert, name_of
from models.events import Evidence

_CONSCIOUSNESS = "67775-7"
_KIND_ORDER = ("zero", "news2", "limit", "risk", "anomaly", "no-data", "gateway", "delivery")


def settle(lifecycle: Lifecycle) -> None:
    """Decides what is notified of all that this event raised, and closes an episode in which nothing holds."""
    _sink_with_priorities(lifecycle)
    _close_if_over(lifecycle)
    is_told = False
    for alert in sorted(lifecycle.raised, key=_urgency):
        if alert.category == "technical":
            quiet.notify(lifecycle, alert)
        else:
            is_told |= _place(lifecycle, alert, may_notify=not is_told)
    _join_consciousness(lifecycle, may_notify=not is_told)
    _gather_evidence(lifecycle)
    undelivered.follow(lifecycle)


def _place(lifecycle: Lifecycle, alert: OpenAlert, *, may_notify: bool) -> bool:
    """Puts an alert in the patient's episode; whether it is notified, which at most one is of what an event raises."""
    subject = lifecycle.subject
    episode = subject.episode
    if episode is None:
        episode_id = hashlib.sha256(f"episode\x1f{alert.alert_id}\x1f{alert.revision}".encode()).hexdigest()[:24]
        episode = subject.episode = Episode(episode_id=episode_id, lead=alert.alert_id, notified_at=lifecycle.at)
    is_news = may_notify and _is_news(episode, alert, lifecycle)
    alert.episode_id = episode.episode_id
    lifecycle.amend(alert, episode_id=alert.episode_id)
    is_told = is_news and quiet.notify(lifecycle, alert)
    if is_told:
        _lead(episode, alert, lifecycle.at)
    elif not is_news:
        lifecycle.hold(alert, "episode")
    episode.cleared = [name for name in episode.cleared if name != name_of(alert.key)]
    episode.signs = [*episode.signs, *(sign for sign in alert.signs if sign not in episode.signs)]
    return is_told


def _lead(episode: Episode, alert: OpenAlert, at: int) -> None:
    """What is notified leads its episode."""
    episode.lead, episode.notified_at = alert.alert_id, at
    episode.notified_priority = max(episode.notified_priority, alert.priority, key=lambda priority: RANK[priority])
    if name_of(alert.key) not in episode.notified:
        episode.notified = [*episode.notified, name_of(alert.key)]


def _is_news(episode: Episode, alert: OpenAlert, lifecycle: Lifecycle) -> bool:
    """Whether an alert that joins an open episode is notified again (clinical decisions, One patient, one episode)."""
    if RANK[alert.priority] > RANK[episode.notified_priority] or alert.alert_id in lifecycle.owed:
        return True
    if name_of(alert.key) in episode.cleared:
        return True
    if alert.alert_id == episode.lead and alert.acknowledged_by is None and alert.state == "active":
        return True
    is_new_sign = any(sign not in episode.signs for sign in alert.signs)
    return is_new_sign and _may_tell_new_sign(episode, lifecycle)


def _may_tell_new_sign(episode: Episode, lifecycle: Lifecycle) -> bool:
    """Whether a further sign is news: long after the last notification, or at once if what was notified is snoozed."""
    is_snoozed = any(each.alert_id == episode.lead and each.snooze is not None for each in lifecycle.subject.alerts)
    return is_snoozed or lifecycle.at - episode.notified_at > lifecycle.rules.notification.new_sign_after


def forget_signs_gone(lifecycle: Lifecycle) -> None:
    """What is there when somebody snoozes is known to them; what turns bad after that is a sign not yet there."""
    episode = lifecycle.subject.episode
    if episode is not None:
        episode.signs = [sign for sign in episode.signs if any(sign in each.signs for each in _sounding(lifecycle))]


def _join_consciousness(lifecycle: Lifecycle, *, may_notify: bool) -> None:
    """Consciousness has no limit alert to join the episode by: it joins with the open score that it worsens."""
    episode = lifecycle.subject.episode
    if episode is None:
        return
    for alert in _sounding(lifecycle):
        joining = [sign for sign in alert.signs if sign[0] == _CONSCIOUSNESS and sign not in episode.signs]
        if not joining:
            continue
        episode.signs = [*episode.signs, *joining]
        if _may_tell_new_sign(episode, lifecycle) and may_notify and alert.state == "active":
            alert.snooze = None  # Who snoozed it knew nothing of this.
            lifecycle.tell_of(alert, snoozed_until=None)
            if quiet.notify(lifecycle, alert):
                _lead(episode, alert, lifecycle.at)


def _sink_with_priorities(lifecycle: Lifecycle) -> None:
    """When all that sounds has fallen to a lower priority, a rise from there is news again."""
    episode = lifecycle.subject.episode
    if episode is None:
        return
    raised = {alert.alert_id for alert in lifecycle.raised}
    steady = [a.priority for a in _sounding(lifecycle) if a.alert_id not in raised]
    if steady:
        highest = max(steady, key=lambda priority: RANK[priority])
        episode.notified_priority = min(episode.notified_priority, highest, key=lambda priority: RANK[priority])


def _close_if_over(lifecycle: Lifecycle) -> None:
    episode = lifecycle.subject.episode
    if episode is not None and not any(each.episode_id == episode.episode_id for each in _sounding(lifecycle)):
        lifecycle.subject.episode = None


def _gather_evidence(lifecycle: Lifecycle) -> None:
    """The notified alert carries the evidence of all that fires with it; what joins is a revision of its own."""
    episode = lifecycle.subject.episode
    lead = next((alert for alert in _sounding(lifecycle) if episode and alert.alert_id == episode.lead), None)
    if lead is None:
        return
    has_joined = any(alert.category == "physiological" for alert in lifecycle.raised)
    if has_joined or lifecycle.has_told(lead):
        lifecycle.tell_of(lead, explanation=_evidence(lifecycle, lead))


def _evidence(lifecycle: Lifecycle, lead: OpenAlert) -> list[Evidence]:
    found = list(lead.evidence)
    for alert in sorted(_sounding(lifecycle), key=_urgency):
        found.extend(evidence for evidence in alert.evidence if evidence not in found)
    return found


def _sounding(lifecycle: Lifecycle) -> list[OpenAlert]:
    return [a for a in lifecycle.subject.alerts if a.is_sounding and a.category == "physiological"]


def _urgency(alert: OpenAlert) -> tuple[int, int, str, str]:
    """Sorts alerts with the most urgent first, then by kind and code."""
    return (-RANK[alert.priority], _KIND_ORDER.index(alert.kind), alert.code or "", alert.direction or "")
