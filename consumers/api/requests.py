"""What a request bears, and what an answer to it is, for every page and program that is served over HTTP."""

import asyncio
from collections.abc import Awaitable
from http import HTTPStatus
from typing import TypeVar

import msgspec
from aiohttp import web
from msgspec import Struct

from consumers.answers.desk import NotPublished, Parked, Unanswered
from consumers.answers.log_time import NoTime
from consumers.api.problems import Refused, invalid
from models import codec
from models.events import AnswerResult

JSON = "application/json"
MOST_BYTES = 16 * 1024
"""So long a body may be: longer than any answer."""
_UTF_8 = frozenset({"utf-8", "utf8"})

Kind = TypeVar("Kind", bound=Struct)
Result = TypeVar("Result", bound=Struct)


async def became(answer: Awaitable[AnswerResult]) -> web.Response:
    """What became of an answer: in force, or Refused: by the workers, or because it is not known yet."""
    result = await confirmed(answer)
    if not result.accepted:
        raise Refused(HTTPStatus.CONFLICT, f"Nothing has changed: {result.detail}", result=result)
    return told(result)


async def confirmed(answer: Awaitable[Result]) -> Result:
    """What the workers said to a record that is being published; raises Refused where that is not known."""
    try:
        return await answer
    except codec.Undecodable as error:
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, f"This can't be published: {error.detail}.") from error
    except NoTime as error:
        raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, f"Nothing was published: {error}.") from error
    except NotPublished as error:
        detail = f"{error}: look at what stands before you answer again, for it may count or not."
        raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, detail) from error
    except Parked as error:
        raise Refused(HTTPStatus.INTERNAL_SERVER_ERROR, f"The workers could not use it ({error}).") from error
    except Unanswered as error:
        detail = "No worker answered in time: it is on the log, and counts once a worker runs."
        raise Refused(HTTPStatus.GATEWAY_TIMEOUT, detail) from error


async def body(request: web.Request, kind: type[Kind]) -> Kind:
    """What a request bears, as the struct that it must be; raises Refused."""
    if request.content_type != JSON or (request.charset or "utf-8").lower() not in _UTF_8:
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Send {JSON} in UTF-8.")
    sent = await request.read()
    try:
        return msgspec.json.decode(sent, type=kind)
    except msgspec.ValidationError as error:
        raise invalid(error) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(HTTPStatus.BAD_REQUEST, f"The body is no JSON: {error}.") from error


def left(deadline: float) -> float:
    """The seconds until then, by the clock of the event loop; 0 if it has passed."""
    return max(0.0, deadline - asyncio.get_running_loop().time())


def told(struct: Struct) -> web.Response:
    """One struct as JSON."""
    return web.Response(body=msgspec.json.encode(struct), content_type=JSON)
