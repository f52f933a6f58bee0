"""What becomes of an answer: accepted, or not and why."""

from typing import NamedTuple

from models.events import AboutAnAlert, Answer, AnswerResult, Feedback, Origin, RecommendationAnswer
from models.instants import moment_of


class NotAccepted(Exception):
    """An answer that changes nothing; the message is one sentence for whoever gave it."""


class Place(NamedTuple):
    """Where an answer stands on the log, and the origin of what names none."""

    partition: int
    offset: int
    origin: Origin


def accepted(answer: Answer, at: int, place: Place, notified_at: int | None = None) -> AnswerResult:
    """The result of an answer that is in force; of one to an alert, when somebody was first notified of that."""
    return _result(answer, at, place, None, notified_at)


def refused(answer: Answer, at: int, place: Place, why: str) -> AnswerResult:
    """The result of an answer that changed nothing; `why` is one sentence."""
    return _result(answer, at, place, why)


def _result(
    answer: Answer, at: int, place: Place, complaint: str | None, notified_at: int | None = None
) -> AnswerResult:
    return AnswerResult(
        answer=type(answer).__name__,  # type: ignore[arg-type]  # one of AnswerType: a test compares them
        accepted=complaint is None,
        detail=complaint or "It is in force.",
        at=moment_of(at),
        by=answer.by,
        partition=place.partition,
        offset=place.offset,
        request_id=answer.request_id,
        patient_id=answer.patient_id,
        gateway_id=answer.gateway_id if isinstance(answer, AboutAnAlert) else None,
        alert_id=answer.alert_id if isinstance(answer, AboutAnAlert) else None,
        origin=answer.origin or place.origin,
        notified_at=None if notified_at is None else moment_of(notified_at),
        usefulness=answer.usefulness if isinstance(answer, Feedback) else None,
        recommendation_id=answer.recommendation_id if isinstance(answer, RecommendationAnswer) else None,
    )
