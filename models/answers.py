"""Where answers are dispatched: what each does to alerts, or to a recommendation, and what became of it."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from models.alerting import episodes, heeding, undelivered
from models.alerting.answering import NotAccepted, Place, accepted, refused
from models.alerting.lifecycle import Lifecycle
from models.events import Acknowledgement, DeliveryReport, Feedback, Output, Pause, RecommendationAnswer, Snooze
from models.instants import instant_of
from models.picture import Patient
from models.recommendations import decide

AlertAnswer = Acknowledgement | Snooze | Pause | Feedback
"""What people say of an alert, or of all alerts of a patient."""

OF_ALERTS = (Acknowledgement, Snooze, Pause, Feedback, DeliveryReport)
"""What is said of alerts, by people or by whoever delivers."""

Spoken = AlertAnswer | RecommendationAnswer | DeliveryReport
"""All that is said of what was told."""

Heed = Callable[[Lifecycle, Any, int | None], int | None]  # Any: each takes the answer that it stands beside
_HEEDED: Mapping[type, Heed] = MappingProxyType(
    {
        Acknowledgement: heeding.acknowledge,
        Snooze: heeding.snooze,
        Pause: heeding.pause,
        Feedback: heeding.give_feedback,
    }
)


class Said:
    """An answer, or a report of a delivery, as it stands on the log."""

    def __init__(self, said: Spoken, place: Place, clock: int | None) -> None:
        self.said = said
        self.at = max(instant_of(said.at), clock or 0)
        self._place = place
        self._clock = clock

    def heed(self, lifecycle: Lifecycle) -> list[Output]:
        """What it does to the alerts it is about, and what became of it; one that is not accepted changes nothing."""
        if isinstance(self.said, DeliveryReport):
            undelivered.heed(lifecycle, self.said)
            episodes.settle(lifecycle)
            return list(lifecycle.told)
        try:
            notified_at = _HEEDED[type(self.said)](lifecycle, self.said, self._clock)
        except NotAccepted as complaint:
            return self.refuse(str(complaint))
        episodes.settle(lifecycle)
        return [*lifecycle.told, accepted(self.said, self.at, self._place, notified_at)]

    def decide(self, patient: Patient) -> list[Output]:
        """What it does to the recommendation it is about, and what became of it; as for an alert."""
        assert isinstance(self.said, RecommendationAnswer), "nothing else is about a recommendation"
        try:
            told = decide(patient, self.said, self.at)
        except NotAccepted as complaint:
            return self.refuse(str(complaint))
        return [told, accepted(self.said, self.at, self._place)]

    def refuse(self, why: str) -> list[Output]:
        """What is told where it changes nothing; nothing of a report, which nobody waits for."""
        if isinstance(self.said, DeliveryReport):
            return []
        return [refused(self.said, self.at, self._place, why)]
