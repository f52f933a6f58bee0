"""Whom or what alerts are of: a patient, or a gateway."""

from msgspec import Struct, field
from msgspec.structs import replace

from models.alerting.state import Episode, OpenAlert, Paused, Restless
from models.events import Origin


class Subject(Struct):
    """What the life of alerts needs to know of whom or what they are of, and remembers there.

    `next_due` is when time alone next changes something, in microseconds. `begun` is when each condition last began,
    and how often at that instant; `closed` the last alerts that closed.
    """

    id: str
    origin: Origin
    next_due: int | None = None
    alerts: list[OpenAlert] = field(default_factory=list)
    begun: dict[str, tuple[int, int]] = field(default_factory=dict)
    episode: Episode | None = None
    pause: Paused | None = None
    restless: dict[str, Restless] = field(default_factory=dict)
    closed: tuple[str, ...] = ()

    @property
    def patient_id(self) -> str | None:
        """The patient whom the alerts are of."""
        return None

    @property
    def gateway_id(self) -> str | None:
        """The gateway that the alerts are of."""
        return None

    @property
    def ward(self) -> str | None:
        """Where it is; None where nobody told."""
        return None

    @property
    def bed(self) -> str | None:
        """Where it is, within the ward."""
        return None

    def open_alert(
        self, kind: str, code: str | None = None, direction: str | None = None, device_id: str | None = None
    ) -> OpenAlert | None:
        """The alert of that kind, code, direction and device that is neither latched nor closed."""
        wanted = (kind, code, direction, device_id)
        for alert in self.alerts:
            if alert.state != "latched" and alert.key == wanted:
                return alert
        return None

    def gateway_of(self, device_id: str | None) -> str | None:
        """The gateway through which a device was last heard; None where none was named."""
        return None


def share_no_alerts(kept: Subject) -> None:
    """Copies, for a subject that is a copy itself, what of its alerts is changed in place."""
    kept.alerts = [replace(alert) for alert in kept.alerts]
    kept.begun, kept.restless = kept.begun.copy(), kept.restless.copy()
    kept.episode = None if kept.episode is None else replace(kept.episode)
