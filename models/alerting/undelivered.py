"""An alert that reached nobody is an alert of its own, until somebody answers what it is about or that is over."""

from models.alerting.judging import judge
from models.alerting.lifecycle import Lifecycle
from models.alerting.state import RANK, OpenAlert
from models.alerting.verdict import Verdict
from models.events import AlertKind, DeliveryReport, Evidence
from models.instants import moment_of

KIND: AlertKind = "delivery"
_MOST_ABOUT = 16


def heed(lifecycle: Lifecycle, report: DeliveryReport) -> None:
    """What follows of a report: of an alert that is open and that nobody answered, and is not of this kind itself."""
    reported = next((each for each in _unanswered(lifecycle) if each.alert_id == report.alert_id), None)
    if reported is None:
        return
    found = _open(lifecycle)
    about = () if found is None else found.about
    others = tuple(each for each in about if each != reported.alert_id)
    if report.delivered:
        if found is not None and others != about:
            _narrow(lifecycle, found, others, "Somebody could be reached.")
        return
    if found is None or others == about:
        _raise(lifecycle, (*others, reported.alert_id)[-_MOST_ABOUT:], report)


def follow(lifecycle: Lifecycle) -> None:
    """Closes it once all that it is about is closed or answered."""
    found = _open(lifecycle)
    if found is not None and found.about:
        waiting = {each.alert_id for each in _unanswered(lifecycle)}
        about = tuple(each for each in found.about if each in waiting)
        if about != found.about:
            _narrow(lifecycle, found, about, "What it is about is closed, or somebody has answered.")


def _raise(lifecycle: Lifecycle, about: tuple[str, ...], report: DeliveryReport) -> None:
    waiting = [each for each in _unanswered(lifecycle) if each.alert_id in about]
    found, is_high = _open(lifecycle), any(each.priority == "high" for each in waiting)
    is_more = found is not None and found.state != "pending"
    verdict = Verdict(
        kind=KIND,
        category="technical",
        state="bad",
        priority="high" if is_high else "medium",
        at=lifecycle.at,
        reason=_reason(waiting, report),
        clears_when="Somebody is reached or answers, or what it is about is closed.",
        evidence=[Evidence(code=each.code or each.kind, value=None, at=moment_of(each.since)) for each in waiting],
    )
    judge(lifecycle, verdict)
    alert = _open(lifecycle)
    if alert is None:  # not reached: what is bad is open
        return
    alert.about = about
    lifecycle.act_at_once(alert)
    if is_more and not lifecycle.has_told(alert):
        lifecycle.tell(alert)


def _reason(waiting: list[OpenAlert], report: DeliveryReport) -> str:
    tried = f" ({', '.join(report.receivers)})" if report.receivers else ""
    most = max((each.priority for each in waiting), key=lambda priority: RANK[priority], default="medium")
    what = f"an alert of {most} priority" if len(waiting) < 2 else f"{len(waiting)} alerts of up to {most} priority"
    why = f": {report.detail}" if report.detail else ""
    return f"Nobody could be reached{tried} for {what}{why}."


def _narrow(lifecycle: Lifecycle, found: OpenAlert, about: tuple[str, ...], reason: str) -> None:
    found.about = about
    if not about:
        lifecycle.end(found, reason)


def _open(lifecycle: Lifecycle) -> OpenAlert | None:
    return next((each for each in lifecycle.subject.alerts if each.kind == KIND), None)


def _unanswered(lifecycle: Lifecycle) -> list[OpenAlert]:
    """Whom somebody may have been notified of and nobody has answered."""
    return [each for each in lifecycle.subject.alerts if each.kind != KIND and each.state in ("active", "latched")]
