"""Whether a notification that is due goes out, or what holds it back."""

from models.alerting import flapping
from models.alerting.lifecycle import Lifecycle
from models.alerting.state import OpenAlert
from models.events import Inhibitor

_PAUSED = frozenset({"limit", "no-data"})


def notify(lifecycle: Lifecycle, alert: OpenAlert) -> bool:
    """Notifies of an alert, or tells why that is held back; whether anybody is notified."""
    inhibitor = _inhibitor_of(lifecycle, alert)
    if inhibitor is not None:
        lifecycle.hold(alert, inhibitor)
        return False
    if alert.notified_at is None:
        alert.notified_at = lifecycle.at
    alert.inhibited_by = alert.released = None
    lifecycle.amend(alert, notify=True, inhibited_by=None)
    return True


def _inhibitor_of(lifecycle: Lifecycle, alert: OpenAlert) -> Inhibitor | None:
    """What holds a notification back. A pause never holds back "arrest or sensor off", nor a score."""
    subject = lifecycle.subject
    if alert.snooze is not None:  # Of a lower priority than the alert's there is none any more.
        return "snooze"
    if subject.pause is not None and alert.kind in _PAUSED:
        return "pause"
    if alert.kind == "no-data" and lifecycle.is_unheard(subject.gateway_of(alert.device_id)):
        return "gateway"
    return "flapping" if flapping.is_damped(subject, alert, lifecycle.at, lifecycle.rules.notification) else None
