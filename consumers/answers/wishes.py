"""What a person can answer, as a command or a page takes it, and the record that it becomes."""

import uuid
from datetime import datetime, timedelta
from typing import Annotated, Any

from msgspec import Meta, Struct

from models.events import (
    Acknowledgement,
    Alert,
    Decision,
    Feedback,
    Instant,
    Name,
    Pause,
    RecommendationAnswer,
    Snooze,
    Usefulness,
)

_DAY_SECONDS = 24 * 60 * 60
_LONGEST_QUIET_SECONDS = 4 * 60 * 60

_LINE = r"^[^\x00-\x1f]*[^\x00-\x1f\s][^\x00-\x1f]*$"  # One line that says something.
Who = Annotated[Name, Meta(pattern=_LINE, description="Who answers, as a pseudonym.")]
Why = Annotated[Annotated[str, Meta(max_length=2_000)] | None, Meta(description="Why, in that person's words.")]
NeededWhy = Annotated[Name, Meta(pattern=r"\S", description="Why; it is asked for.")]
Revision = Annotated[int, Meta(ge=1, description="The revision that was seen: a higher priority is not quieted.")]
Until = Annotated[Instant | None, Meta(description="Until when, by event time; or say for_seconds.")]
Seconds = Annotated[
    Annotated[float, Meta(ge=1, le=_DAY_SECONDS)] | None, Meta(description="For how long from now; or say until.")
]
SnoozeSeconds = Annotated[
    Annotated[float, Meta(ge=1, le=_LONGEST_QUIET_SECONDS)] | None,
    Meta(description="For how long from now, at most 4 h; or say until."),
]
PauseSeconds = Annotated[
    Annotated[float, Meta(ge=0, le=_LONGEST_QUIET_SECONDS)] | None,
    Meta(description="For how long from now; 0 ends a pause; or say until."),
]


class AcknowledgementWish(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody has seen an alert; without an end it is quiet until it is cleared, unless it gets worse."""

    by: Who
    revision: Revision
    reason: Why = None
    until: Until = None
    for_seconds: Seconds = None

    def __post_init__(self) -> None:
        """Refuses two ends."""
        _check_ends(self.until, self.for_seconds)


class SnoozeWish(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody wants to hear of an alert again later, and not before, unless it gets worse."""

    by: Who
    revision: Revision
    reason: Why = None
    until: Until = None
    for_seconds: SnoozeSeconds = None

    def __post_init__(self) -> None:
        """Refuses two ends, and none."""
        _check_ends(self.until, self.for_seconds, is_needed=True)


class FeedbackWish(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody says whether an alert was worth it; it changes no alert."""

    by: Who
    usefulness: Annotated[Usefulness, Meta(description="Whether there was anything to do.")]
    reason: Why = None


class PauseWish(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Alerts of no data and of limits are not to sound for a patient for at most 4 h."""

    by: Who
    reason: NeededWhy
    until: Until = None
    for_seconds: PauseSeconds = None

    def __post_init__(self) -> None:
        """Refuses two ends, and none."""
        _check_ends(self.until, self.for_seconds, is_needed=True)


class RecommendationWish(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody accepts or declines a recommendation that stands; a later answer takes the place of this one."""

    by: Who
    decision: Annotated[Decision, Meta(description="What is to become of it.")]
    reason: Annotated[Why, Meta(description="Why, in that person's words; needed to decline.")] = None

    def __post_init__(self) -> None:
        """Refuses to decline without a reason."""
        if self.decision == "declined" and not (self.reason or "").strip():
            raise ValueError("Give a `reason` to decline")


Wish = AcknowledgementWish | SnoozeWish | FeedbackWish
AlertAnswer = Acknowledgement | Snooze | Feedback


def answer_of(wish: Wish, alert: Alert, now: datetime) -> AlertAnswer:
    """The record of an answer to an alert, with a request id of its own."""
    about: dict[str, Any] = {  # Any: the fields that the three have in common are of several types
        "alert_id": alert.alert_id,
        "patient_id": alert.patient_id,
        "gateway_id": alert.gateway_id,
        "at": now,
        "by": wish.by,
        "reason": wish.reason,
        "request_id": uuid.uuid4().hex,
    }
    if isinstance(wish, FeedbackWish):
        return Feedback(usefulness=wish.usefulness, **about)
    until = _end(wish.until, wish.for_seconds, now)
    if isinstance(wish, AcknowledgementWish):
        return Acknowledgement(revision=wish.revision, expires_at=until, **about)
    return Snooze(revision=wish.revision, until=until or now, **about)


def pause_of(wish: PauseWish, patient_id: str, now: datetime) -> Pause:
    """The record of a pause, with a request id of its own."""
    until = _end(wish.until, wish.for_seconds, now) or now
    request_id = uuid.uuid4().hex
    return Pause(patient_id=patient_id, at=now, until=until, by=wish.by, reason=wish.reason, request_id=request_id)


def decision_of(
    wish: RecommendationWish, patient_id: str, recommendation_id: str, now: datetime
) -> RecommendationAnswer:
    """The record of an answer to a recommendation, with a request id of its own."""
    return RecommendationAnswer(
        patient_id=patient_id,
        recommendation_id=recommendation_id,
        at=now,
        by=wish.by,
        decision=wish.decision,
        reason=wish.reason,
        request_id=uuid.uuid4().hex,
    )


def _check_ends(until: datetime | None, for_seconds: float | None, *, is_needed: bool = False) -> None:
    if until is not None and for_seconds is not None:
        raise ValueError("Give `until` or for_seconds, not both")
    if is_needed and until is None and for_seconds is None:
        raise ValueError("Give `until` or for_seconds")


def _end(until: datetime | None, for_seconds: float | None, now: datetime) -> datetime | None:
    return until if for_seconds is None else now + timedelta(seconds=for_seconds)
