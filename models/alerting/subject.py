"""Whom or what alerts are of: a patient, or a gateway."""

from typing import Protocol

from models.alerting.state import Episode, OpenAlert, Paused, Restless
from models.events import Origin


class Subject(Protocol):
    """What the life of alerts needs to know of whom or what they are of, and remembers there.

    `begun` is when each condition last began, and how often at that instant; `closed` the last alerts that closed.
    """

    id: str
    origin: Origin
    alerts: list[OpenAlert]
    begun: dict[str, tuple[int, int]]
    episode: Episode | None
    pause: Paused | None
    restless: dict[str, Restless]
    closed: tuple[str, ...]

    @property
    def patient_id(self) -> str | None:
        """The patient whom the alerts are of."""

    @property
    def gateway_id(self) -> str | None:
        """The gateway that the alerts are of."""

    @property
    def ward(self) -> str | None:
        """Where it is."""

    @property
    def bed(self) -> str | None:
        """Where it is, within the ward."""

    def gateway_of(self, device_id: str | None) -> str | None:
        """The gateway through which a device was last heard."""
