"""What goes wrong, as RFC 9457 has it: problem details in JSON."""

import re
from http import HTTPStatus
from typing import Annotated

import msgspec
from aiohttp import web
from msgspec import Meta, Struct

from models.events import AnswerResult

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 2
_PLACE = re.compile(r" - at `\$\.?([^`[]*)[^`]*`$")
_NAME = re.compile(r"(?:field|Give) `([^`]+)`")


class FieldError(Struct, frozen=True):
    """One field that can't be taken, and why."""

    field: Annotated[str | None, Meta(description="Its name; null where it is about the whole.")]
    detail: Annotated[str, Meta(description="What is wrong with it.")]


class Problem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a request did not do what it asked for; `type` is always about:blank, so `title` is that of the status."""

    title: Annotated[str, Meta(description="The status in words.")]
    status: Annotated[int, Meta(description="The status.")]
    detail: Annotated[str, Meta(description="What is wrong, in one sentence for people.")]
    errors: Annotated[list[FieldError], Meta(description="The fields that can't be taken.")] = []
    result: Annotated[AnswerResult | None, Meta(description="What the workers said, where they refused.")] = None


class Refused(Exception):
    """A request that can't be answered as it wants; the message is one sentence for the caller."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        *,
        errors: list[FieldError] | None = None,
        result: AnswerResult | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.problem = Problem(
            title=status.phrase, status=status.value, detail=detail, errors=errors or [], result=result
        )


def invalid(error: msgspec.ValidationError) -> Refused:
    """What msgspec says of a value that can't be taken, by its field."""
    words, place = _PLACE.sub("", str(error)), _PLACE.search(str(error))
    named = _NAME.search(words)
    field = named[1] if named else (place[1] if place else "") or None
    return Refused(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        f"{field}: {words}." if field else f"{words}.",
        errors=[FieldError(field, words)],
    )


def response(problem: Problem, headers: dict[str, str] | None = None) -> web.Response:
    """A problem as it is sent."""
    more = {"Retry-After": str(RETRY_SECONDS)} if problem.status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    return web.Response(
        body=msgspec.json.encode(problem),
        status=problem.status,
        content_type=MEDIA_TYPE,
        headers=(headers or {}) | more,
    )
