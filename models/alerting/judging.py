"""What detectors say: what a verdict does to the alert that it is about, or that it opens."""

import hashlib

from models.alerting.lifecycle import Lifecycle
from models.alerting.state import RANK, OpenAlert, name_of
from models.alerting.verdict import Verdict
from models.events import Evidence, Priority

_BEGUN_KEPT = 256


def judge(lifecycle: Lifecycle, verdict: Verdict, *, may_open: bool = True) -> None:
    """Takes one verdict; a value that may not raise (it came too late) opens nothing and changes nothing."""
    alert = lifecycle.subject.open_alert(*verdict.key)
    if alert is None:
        if verdict.state == "bad" and may_open:
            _open(lifecycle, verdict)
    elif verdict.state == "unknown":
        alert.step = None  # lower now, if not yet on newer values of every part: no reason to rise
    elif may_open:
        _keep_peak(alert, verdict)
        if verdict.state != "bad":
            _no_longer_bad(lifecycle, alert, verdict)
        elif alert.state == "pending":
            _still_pending(lifecycle, alert, verdict)
        else:
            _still_bad(lifecycle, alert, verdict)


def _open(lifecycle: Lifecycle, verdict: Verdict) -> None:
    alert = OpenAlert(
        alert_id=_identity(lifecycle, verdict),
        kind=verdict.kind,
        code=verdict.code,
        direction=verdict.direction,
        device_id=verdict.device_id,
        category=verdict.category,
        since=verdict.at,
        priority=verdict.priority,
    )
    alert.due = verdict.at + (verdict.delay or 0)
    alert.by_tick = verdict.delay is None
    alert.peak_points, alert.peak = verdict.points, dict(verdict.parts)
    _explain(alert, verdict)
    lifecycle.subject.alerts.append(alert)
    lifecycle.tell(alert)


def _identity(lifecycle: Lifecycle, verdict: Verdict) -> str:
    """A hash of patient, kind, code, direction and since; what begins no later than the last one is numbered."""
    subject = lifecycle.subject
    begun = subject.begun
    latest, repeats = begun.get(name_of(verdict.key), (verdict.at - 1, 0))
    is_repeat = verdict.at <= latest  # The same condition again, or that of a value that came late.
    repeats += is_repeat
    begun[name_of(verdict.key)] = (max(latest, verdict.at), repeats)
    if len(begun) > _BEGUN_KEPT:
        del begun[min(begun, key=lambda name: (begun[name], name))]
    parts = [subject.id, *verdict.key, str(verdict.at)] + ([str(repeats)] if is_repeat else [])
    return hashlib.sha256("\x1f".join(part or "" for part in parts).encode()).hexdigest()[:24]


def _still_pending(lifecycle: Lifecycle, alert: OpenAlert, verdict: Verdict) -> None:
    _explain(alert, verdict)
    if alert.by_tick and verdict.delay is not None:
        alert.due = alert.since + verdict.delay  # its stream has turned out to be continuous
    elif alert.due is not None and verdict.delay is not None:
        alert.due = min(alert.due, alert.since + verdict.delay)  # deeper by now, which may wait less
    alert.by_tick = verdict.delay is None
    is_lower = RANK[verdict.priority] < RANK[alert.priority]
    if verdict.priority != alert.priority and (verdict.may_fall or not is_lower):
        alert.priority = verdict.priority
        alert.due = lifecycle.at if verdict.delay == 0 else alert.due
        lifecycle.tell(alert)


def _still_bad(lifecycle: Lifecycle, alert: OpenAlert, verdict: Verdict) -> None:
    is_higher = RANK[verdict.priority] > RANK[alert.priority]
    is_lower = RANK[verdict.priority] < RANK[alert.priority]
    if not is_lower:
        alert.clearing = None
        has_changed = _borne_by(verdict.evidence) != _borne_by(alert.evidence)
        _explain(alert, verdict)
        if has_changed:
            lifecycle.tell(alert)
    elif verdict.may_fall:
        _begin_clearing(lifecycle, alert, verdict, verdict.priority)
    _step_towards(alert, verdict, is_higher=is_higher)


def _step_towards(alert: OpenAlert, verdict: Verdict, *, is_higher: bool) -> None:
    """A higher priority has its own delay."""
    if not is_higher:
        alert.step = None
    elif alert.step is None or RANK[verdict.priority] > RANK[alert.step[0]]:
        alert.step = (verdict.priority, verdict.at + (verdict.delay or 0), verdict.delay is None)


def _no_longer_bad(lifecycle: Lifecycle, alert: OpenAlert, verdict: Verdict) -> None:
    alert.step = None
    if alert.state == "pending":
        lifecycle.end(alert, verdict.reason)
    elif verdict.state == "between":
        alert.clearing = None
    else:
        _begin_clearing(lifecycle, alert, verdict, None)


def _begin_clearing(lifecycle: Lifecycle, alert: OpenAlert, verdict: Verdict, target: Priority | None) -> None:
    since = alert.clearing[1] if alert.clearing else verdict.at + verdict.clear_after
    alert.clearing = (target, since)
    alert.reason = verdict.reason
    if verdict.clear_after == 0:
        lifecycle.clear(alert)


def _keep_peak(alert: OpenAlert, verdict: Verdict) -> None:
    """For a score: when each part last scored at the highest score yet, or at fewer points of a higher priority."""
    if verdict.state != "bad":
        return
    if verdict.points >= alert.peak_points:
        alert.peak = dict(verdict.parts)
        if verdict.priority != "low":
            alert.peak_points = verdict.points
    elif RANK[verdict.priority] > RANK[alert.priority]:
        alert.peak = {**alert.peak, **verdict.parts}


def _explain(alert: OpenAlert, verdict: Verdict) -> None:
    alert.reason, alert.clears_when = verdict.reason, verdict.clears_when
    alert.evidence, alert.signs = verdict.evidence, verdict.signs


def _borne_by(evidence: list[Evidence]) -> list[tuple[str | None, int | None]]:
    """What an alert rests on, and with how many points; a newer value of the same is no change of evidence."""
    return [(each.code, each.points) for each in evidence]
