"""The view of one patient."""

from typing import Literal

from msgspec import Struct

from consumers.ward.views.ward import Row, Seconds
from models.events import (
    AlertKind,
    AlertState,
    Category,
    Decision,
    DeviceType,
    Direction,
    Driver,
    Inhibitor,
    OutcomeKind,
    Priority,
    RecommendationKind,
    RecommendationState,
    Usefulness,
)


class EvidenceView(Struct, frozen=True, kw_only=True):
    """One fact that an alert rests on."""

    code: str
    title: str
    unit: str | None
    value: float | str | None
    usual: float | None
    points: int | None
    limit: float | None
    at: Seconds | None


class Step(Struct, frozen=True, kw_only=True):
    """One revision of an alert, in short."""

    revision: int
    at: Seconds
    state: AlertState
    priority: Priority
    stale: bool
    notify: bool
    reason: str


class AnsweredView(Struct, frozen=True, kw_only=True):
    """Who acknowledged, when, why, and until when that holds; null is until it is cleared."""

    by: str
    at: Seconds
    priority: Priority
    reason: str | None
    expires_at: Seconds | None


class AlertView(Struct, frozen=True, kw_only=True):
    """One alert, open or over, with all that it says of itself.

    `steps` are its revisions, the newest last, at most 50.
    """

    alert_id: str
    revision: int
    episode_id: str | None
    kind: AlertKind
    category: Category
    code: str | None
    title: str
    direction: Direction | None
    priority: Priority
    state: AlertState
    stale: bool
    since: Seconds
    at: Seconds
    notified_at: Seconds | None
    reason: str
    explanation: list[EvidenceView]
    clears_when: str
    device_id: str | None
    acknowledgement: AnsweredView | None
    snoozed_until: Seconds | None
    inhibited_by: Inhibitor | None
    feedback: Usefulness | None
    policy: str | None
    steps: list[Step]


class RecommendationView(Struct, frozen=True, kw_only=True):
    """What a guideline suggests, and what somebody said to it.

    It stands unless its state is "withdrawn": then `decision` still says what had been answered, null for nothing.
    """

    recommendation_id: str
    at: Seconds
    kind: RecommendationKind
    priority: Priority
    text: str
    reason: str
    codes: list[str]
    source: str
    state: RecommendationState
    decision: Decision | None
    answered_by: str | None
    answered_at: Seconds | None
    answer_reason: str | None


class DeviceView(Struct, frozen=True, kw_only=True):
    """A device that measured this patient, and when its newest value was measured."""

    device_id: str
    device_type: DeviceType | None
    gateway_id: str | None
    heard_at: Seconds


class LimitView(Struct, frozen=True, kw_only=True):
    """The limits in force of one code, in `unit`; null where a side has none. `source` says whose they are."""

    code: str
    title: str
    unit: str
    low: float | None
    high: float | None
    source: Literal["adult", "patient", "policy"]


class RiskView(Struct, frozen=True, kw_only=True):
    """A learned risk, in the shadow: it raises no alert. `hours` is how far it looks (null: the whole stay)."""

    at: Seconds
    version: int
    probability: float
    hours: float | None
    known: int | None
    of: int | None
    newest_hours: float | None
    oldest_hours: float | None
    drivers: list[Driver]
    rest: float | None


class OtherScore(Struct, frozen=True, kw_only=True):
    """A score beside NEWS2, as an interval; it raises no alert. Of the shock index both are ratios."""

    name: Literal["mews", "qsofa", "sirs", "shock_index"]
    at: Seconds
    not_applicable: str | None
    least: float | None
    most: float | None
    completeness: str | None


class FindingView(Struct, frozen=True, kw_only=True):
    """What a detector noticed that raises no alert, or which limit a sign would cross.

    `until` is null while it holds.
    """

    detector: str
    category: Category | None
    codes: list[str]
    since: Seconds
    until: Seconds | None
    text: str


class OutcomeView(Struct, frozen=True, kw_only=True):
    """What really happened."""

    at: Seconds
    kind: OutcomeKind


class About(Struct, frozen=True, kw_only=True):
    """What is known of the patient beside the readings; null is not known."""

    age: float | None
    sex: str | None
    pregnant: bool | None
    on_oxygen: bool | None
    spo2_scale: int | None
    consciousness: str | None
    setting: str | None
    conditions: list[str]
    medication: list[str]


class Entered(Struct, frozen=True, kw_only=True):
    """What the patient or a carer said, or that a person entered values by hand."""

    at: Seconds
    by: str | None
    text: str


class PatientView(Struct, frozen=True, kw_only=True):
    """`GET /patients/ID`: all about one patient but the course of values. `run` and `seq` are those of the ward view.

    `monitored` is false once monitoring has ended. `alerts` come open ones first, the most urgent first, then closed
    ones, the newest first, at most 200; `known_from` is since when alerts and recommendations are known.
    """

    run: str
    seq: int
    monitored: bool
    row: Row
    about: About
    alerts: list[AlertView]
    recommendations: list[RecommendationView]
    devices: list[DeviceView]
    limits: list[LimitView]
    risks: list[RiskView]
    others: list[OtherScore]
    findings: list[FindingView]
    outcomes: list[OutcomeView]
    entered: list[Entered]
    known_from: Seconds | None
