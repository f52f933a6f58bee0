"""One revision of an alert, as it is told."""

from models.alerting.state import OpenAlert
from models.events import Alert
from models.instants import moment_of
from models.picture import Patient


def revision_of(patient: Patient, alert: OpenAlert, at: int, policy: str | None) -> Alert:
    """The alert as it stands; whether anybody is notified, the episode decides."""
    return Alert(
        alert_id=alert.alert_id,
        revision=alert.revision,
        episode_id=alert.episode_id,
        notify=False,
        patient_id=patient.id,
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
        origin=patient.origin,
        ward=patient.known.ward,
        bed=patient.known.bed,
        acknowledgement=alert.acknowledgement,
        policy=policy,
    )
