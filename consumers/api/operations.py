"""What the API does: one row an operation, from which both the routes and the OpenAPI description are made."""

from http import HTTPStatus
from typing import Annotated

from msgspec import Meta, Struct

from consumers.answers.standing import Selection
from consumers.answers.wishes import (
    AcknowledgementWish,
    FeedbackWish,
    PauseWish,
    RecommendationWish,
    SnoozeWish,
)
from models.events import Alert, AnswerResult

S = HTTPStatus


class AlertList(Struct, frozen=True, kw_only=True):
    """The alerts that stand, the most urgent first."""

    alerts: Annotated[list[Alert], Meta(description="The newest revision of each.")]
    unreadable: Annotated[int, Meta(description="How many more stand that another version wrote.")]


class Operation(Struct, frozen=True, kw_only=True):
    """One operation: what it takes, what it gives, and with which statuses it refuses."""

    name: str
    method: str
    path: str
    summary: str
    query: type[Struct] | None = None
    body: type[Struct] | None = None
    gives: type[Struct] | None = None
    refusals: tuple[HTTPStatus, ...] = ()
    is_open: bool = False


REFUSALS: dict[HTTPStatus, str] = {
    S.BAD_REQUEST: "The body is no JSON.",
    S.UNAUTHORIZED: "The token is missing or wrong.",
    S.NOT_FOUND: "No such alert stands: it has closed, or never was.",
    S.CONFLICT: "The workers refused it, and nothing has changed; `result` says why.",
    S.REQUEST_ENTITY_TOO_LARGE: "The body is larger than any answer can be.",
    S.UNSUPPORTED_MEDIA_TYPE: "The body is not declared as application/json.",
    S.MISDIRECTED_REQUEST: "The Host header is none that this is served under.",
    S.UNPROCESSABLE_ENTITY: "A value can't be taken; `errors` name the fields.",
    S.INTERNAL_SERVER_ERROR: "The answer is on the log, but the workers could not use it.",
    S.SERVICE_UNAVAILABLE: "What stands now is not known, or Kafka has not confirmed the answer; try again later.",
    S.GATEWAY_TIMEOUT: "The answer is on the log, and no worker has said in time what becomes of it.",
}

_ALL = (S.UNAUTHORIZED, S.MISDIRECTED_REQUEST, S.SERVICE_UNAVAILABLE)
_BODY = (S.BAD_REQUEST, S.REQUEST_ENTITY_TOO_LARGE, S.UNSUPPORTED_MEDIA_TYPE, S.UNPROCESSABLE_ENTITY)
_ANSWER = (*_ALL, *_BODY, S.CONFLICT, S.INTERNAL_SERVER_ERROR, S.GATEWAY_TIMEOUT)

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        name="listAlerts",
        method="GET",
        path="/alerts",
        summary="The alerts that stand, the most urgent first.",
        query=Selection,
        gives=AlertList,
        refusals=(*_ALL, S.UNPROCESSABLE_ENTITY),
    ),
    Operation(
        name="showAlert",
        method="GET",
        path="/alerts/{alert_id}",
        summary="One alert that stands.",
        gives=Alert,
        refusals=(*_ALL, S.NOT_FOUND),
    ),
    Operation(
        name="acknowledge",
        method="POST",
        path="/alerts/{alert_id}/acknowledgement",
        summary="Say that somebody has seen an alert.",
        body=AcknowledgementWish,
        gives=AnswerResult,
        refusals=(*_ANSWER, S.NOT_FOUND),
    ),
    Operation(
        name="snooze",
        method="POST",
        path="/alerts/{alert_id}/snooze",
        summary="Put an alert off.",
        body=SnoozeWish,
        gives=AnswerResult,
        refusals=(*_ANSWER, S.NOT_FOUND),
    ),
    Operation(
        name="giveFeedback",
        method="POST",
        path="/alerts/{alert_id}/feedback",
        summary="Say whether an alert was worth it, also one that closed of late.",
        body=FeedbackWish,
        gives=AnswerResult,
        refusals=(*_ANSWER, S.NOT_FOUND),
    ),
    Operation(
        name="pause",
        method="POST",
        path="/patients/{patient_id}/pause",
        summary="Pause a patient's alerts of no data and of limits, or end a pause.",
        body=PauseWish,
        gives=AnswerResult,
        refusals=_ANSWER,
    ),
    Operation(
        name="decide",
        method="POST",
        path="/patients/{patient_id}/recommendations/{recommendation_id}",
        summary="Accept or decline a recommendation that stands for a patient.",
        body=RecommendationWish,
        gives=AnswerResult,
        refusals=_ANSWER,
    ),
    Operation(
        name="describe",
        method="GET",
        path="/openapi.json",
        summary="This description.",
        refusals=(S.MISDIRECTED_REQUEST,),
        is_open=True,
    ),
    Operation(
        name="health",
        method="GET",
        path="/healthz",
        summary="Whether the alerts that stand can be told now.",
        refusals=(S.MISDIRECTED_REQUEST, S.SERVICE_UNAVAILABLE),
        is_open=True,
    ),
)
