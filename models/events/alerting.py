"""What somebody should be told of a patient, and do."""

from msgspec import Struct

from models.events.answering import Answered
from models.events.vocabulary import (
    VERSION,
    AlertKind,
    AlertState,
    Category,
    Direction,
    Inhibitor,
    Instant,
    Origin,
    Priority,
    RecommendationKind,
    RecommendationState,
    Record,
    Usefulness,
    Version,
)


class Evidence(Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """One fact that an alert rests on."""

    code: str
    value: float | str | None
    usual: float | None = None
    points: int | None = None
    limit: float | None = None
    at: Instant | None = None


class Alert(Record, frozen=True, kw_only=True):
    """One revision of one alert: what, how urgent, since when, why, and what would clear it.

    `inhibited_by` is why nobody is notified of a condition that holds. `policy` is the version of the policy in force,
    where one was told. An alert of a gateway is of no patient.
    """

    alert_id: str
    revision: int
    episode_id: str | None
    notify: bool
    patient_id: str | None
    code: str | None
    direction: Direction | None
    kind: AlertKind
    category: Category
    priority: Priority
    state: AlertState
    stale: bool
    at: Instant
    since: Instant
    reason: str
    explanation: list[Evidence]
    clears_when: str
    device_id: str | None
    acknowledged_by: str | None
    origin: Origin
    ward: str | None
    bed: str | None
    acknowledgement: Answered | None = None
    snoozed_until: Instant | None = None
    inhibited_by: Inhibitor | None = None
    feedback: Usefulness | None = None
    gateway_id: str | None = None
    policy: str | None = None
    v: Version = VERSION

    @property
    def subject(self) -> str:
        """Whom or what it is of: the patient, or the gateway."""
        return self.patient_id or self.gateway_id or ""


class Recommendation(Record, frozen=True, kw_only=True):
    """What a guideline suggests, for a person to accept or decline; decision support, never an order.

    It stands until it is withdrawn or another of its kind takes its place; whoever answered it last is told with it.
    """

    recommendation_id: str
    patient_id: str
    at: Instant
    kind: RecommendationKind
    priority: Priority
    text: str
    reason: str
    codes: list[str]
    source: str
    state: RecommendationState
    origin: Origin
    ward: str | None
    bed: str | None
    answered_by: str | None = None
    answered_at: Instant | None = None
    answer_reason: str | None = None
    v: Version = VERSION
