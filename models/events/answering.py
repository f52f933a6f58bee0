"""What people answer, what they change, and what became of it.

An answer is about one alert of a patient, or of a gateway where `patient_id` is null, or about one recommendation.
`request_id` is the caller's own name for the answer; the `AnswerResult` repeats it.
"""

from msgspec import Struct

from models.events.policy import Policy
from models.events.vocabulary import (
    VERSION,
    AnswerType,
    Decision,
    Instant,
    Name,
    Offset,
    Origin,
    PolicyScope,
    Priority,
    Record,
    Usefulness,
    Version,
)


class AboutAnAlert(Record, frozen=True, kw_only=True):
    """A record about one alert: its `patient_id` or its `gateway_id` says of whom that is."""


class Acknowledgement(AboutAnAlert, frozen=True, kw_only=True):
    """A clinician has seen one revision of an alert; `expires_at` null means until it is cleared."""

    alert_id: Name
    revision: int
    at: Instant
    by: Name
    patient_id: Name | None = None
    gateway_id: Name | None = None
    reason: str | None = None
    expires_at: Instant | None = None
    request_id: Name | None = None
    origin: Origin | None = None
    v: Version = VERSION


class Snooze(AboutAnAlert, frozen=True, kw_only=True):
    """A clinician wants to hear of one alert again at `until` and not before, unless it gets worse."""

    alert_id: Name
    revision: int
    at: Instant
    until: Instant
    by: Name
    patient_id: Name | None = None
    gateway_id: Name | None = None
    reason: str | None = None
    request_id: Name | None = None
    origin: Origin | None = None
    v: Version = VERSION


class Pause(Record, frozen=True, kw_only=True):
    """No alert of no data or of a limit sounds for a patient until then, at most 4 h; an earlier `until` ends it."""

    patient_id: Name
    at: Instant
    until: Instant
    by: Name
    reason: Name
    request_id: Name | None = None
    origin: Origin | None = None
    v: Version = VERSION


class Feedback(AboutAnAlert, frozen=True, kw_only=True):
    """Whether an alert was worth it, says whoever it called; it changes no alert."""

    alert_id: Name
    at: Instant
    by: Name
    usefulness: Usefulness
    patient_id: Name | None = None
    gateway_id: Name | None = None
    reason: str | None = None
    request_id: Name | None = None
    origin: Origin | None = None
    v: Version = VERSION


class RecommendationAnswer(Record, frozen=True, kw_only=True):
    """A clinician accepts or declines a recommendation that stands; the last answer to it counts."""

    patient_id: Name
    recommendation_id: Name
    at: Instant
    by: Name
    decision: Decision
    reason: str | None = None
    request_id: Name | None = None
    origin: Origin | None = None
    v: Version = VERSION


class PolicyChanged(Record, frozen=True, kw_only=True):
    """From here on this policy holds for the site, a ward or a patient; null takes back what was told for it before.

    That of the site or a ward stands in each partition, that of a patient in the patient's own.
    """

    scope: PolicyScope
    version: Name
    at: Instant
    by: Name
    reason: Name
    policy: Policy | None
    ward: Name | None = None
    patient_id: Name | None = None
    request_id: Name | None = None
    origin: Origin | None = None
    v: Version = VERSION


class DeliveryReport(AboutAnAlert, frozen=True, kw_only=True):
    """Whether anybody could be reached for a notified alert; told when nobody was, and when somebody was after that."""

    alert_id: Name
    revision: int
    at: Instant
    delivered: bool
    receivers: list[Name]
    patient_id: Name | None = None
    gateway_id: Name | None = None
    detail: str | None = None
    origin: Origin | None = None
    v: Version = VERSION


class AnswerResult(Record, frozen=True, kw_only=True):
    """What became of an answer: accepted or not, and why; `partition` and `offset` are its place on the log.

    `notified_at` is when somebody was first notified of what an acknowledgement answers; null where nobody was.
    """

    answer: AnswerType
    accepted: bool
    detail: str
    at: Instant
    by: str
    partition: Offset
    offset: Offset
    request_id: str | None
    patient_id: str | None
    gateway_id: str | None
    alert_id: str | None
    origin: Origin
    notified_at: Instant | None = None
    usefulness: Usefulness | None = None
    recommendation_id: str | None = None
    v: Version = VERSION


class Answered(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The acknowledgement that quiets an alert, as it stands in the alert; `priority` is the highest that it quiets."""

    by: str
    at: Instant
    priority: Priority
    reason: str | None = None
    expires_at: Instant | None = None
