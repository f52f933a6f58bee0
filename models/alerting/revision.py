"""One revision of an alert, as it is told."""

from models.alerting.state import OpenAlert
from models.alerting.subject import Subject
from models.events import Alert
from models.instants import moment_of


def revision_of(subject: Subject, alert: OpenAlert, at: int, policy: str | None) -> Alert:
    """The alert as it stands; whether anybody is notified, the episode decides."""
    return Alert(
        alert_id=alert.alert_id,
        revision=alert.revision,
        episode_id=alert.episode_id,
        notify=False,
        patient_id=subject.patient_id,
        code=alert.code,
        direction=alert.direction,
        kind=alert.kind,
        category=alert.category,
        priority=alert.priority,
        state=alert.state,
        stale=alert.stale,
        at=moment_of(at),
        since=moment_of(alert.since),
        reason=alert.reason,
        explanation=list(alert.evidence),
        clears_when=alert.clears_when,
        device_id=alert.device_id,
        acknowledged_by=alert.acknowledged_by,
        origin=subject.origin,
        ward=subject.ward,
        bed=subject.bed,
        acknowledgement=alert.acknowledgement,
        snoozed_until=None if alert.snooze is None else moment_of(alert.snooze.until),
        inhibited_by=alert.inhibited_by,
        feedback=alert.feedback,
        gateway_id=subject.gateway_id,
        policy=policy,
    )
