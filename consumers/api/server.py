"""The handlers: a request in, what stands or what became of an answer out."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from http import HTTPStatus
from importlib.resources import files
from typing import TypeVar

import msgspec
from aiohttp import web
from aiohttp.typedefs import Handler
from msgspec import Struct

from consumers.answers.answering import Answering
from consumers.answers.desk import NotPublished, Parked, Unanswered
from consumers.answers.follower import Behind, StandingFollower
from consumers.answers.log_time import NoTime
from consumers.answers.standing import Overfull, Selection, StandingAlerts
from consumers.answers.wishes import (
    AcknowledgementWish,
    FeedbackWish,
    PauseWish,
    RecommendationWish,
    SnoozeWish,
    Wish,
)
from consumers.api.guards import check_host, check_token, tell_problems
from consumers.api.operations import OPERATIONS, AlertList
from consumers.api.problems import Refused, invalid
from consumers.api.settings import ApiSettings
from models import codec
from models.events import Alert, AnswerResult

_JSON = "application/json"
_MOST_BYTES = 16 * 1024
_UTF_8 = frozenset({"utf-8", "utf8"})

Kind = TypeVar("Kind", bound=Struct)


class Api:
    """Answers requests from a follower of the alerts that stand and a desk where answers are handed in."""

    def __init__(self, follower: StandingFollower, answering: Answering, *, wait_seconds: float) -> None:
        self._follower = follower
        self._answering = answering
        self._wait_seconds = wait_seconds

    def handlers(self) -> dict[str, Handler]:
        """The handler of each operation, by its name."""
        return {
            "listAlerts": self._list,
            "showAlert": self._show,
            "acknowledge": partial(self._answer, AcknowledgementWish),
            "snooze": partial(self._answer, SnoozeWish),
            "giveFeedback": partial(self._answer, FeedbackWish),
            "pause": self._pause,
            "decide": self._decide,
            "describe": _describe,
            "health": self._health,
        }

    # --- Looking -----------------------------------------------------------------------------------------------------

    async def _list(self, request: web.Request) -> web.Response:
        selection = _selection(request)
        standing = await self._standing()
        return _told(AlertList(alerts=_kept(standing.selected, selection), unreadable=standing.unreadable))

    async def _show(self, request: web.Request) -> web.Response:
        return _told(await self._alert(request, StandingAlerts.find))

    async def _health(self, _request: web.Request) -> web.Response:
        await self._standing()
        return web.Response(text="ok\n")

    async def _standing(self) -> StandingAlerts:
        try:
            return await self._follower.standing(self._wait_seconds)
        except Behind as behind:
            raise _unknown(behind) from behind

    async def _alert(self, request: web.Request, find: Callable[[StandingAlerts, str], Alert | None]) -> Alert:
        found = _kept(partial(find, await self._standing()), request.match_info["alert_id"])
        if found is None:
            raise Refused(HTTPStatus.NOT_FOUND, "No such alert stands: it has closed, or never was.")
        return found

    # --- Answering ---------------------------------------------------------------------------------------------------

    async def _answer(self, kind: type[Wish], request: web.Request) -> web.Response:
        deadline = self._deadline()
        wish = await _body(request, kind)
        # Whether there was anything to do, people say when it is over.
        find = StandingAlerts.find_or_closed if kind is FeedbackWish else StandingAlerts.find
        alert = await self._alert(request, find)
        return await _became(self._answering.answer(wish, alert, _left(deadline)))

    async def _pause(self, request: web.Request) -> web.Response:
        wish = await _body(request, PauseWish)
        return await _became(self._answering.pause(wish, request.match_info["patient_id"], self._wait_seconds))

    async def _decide(self, request: web.Request) -> web.Response:
        wish = await _body(request, RecommendationWish)
        about = request.match_info["patient_id"], request.match_info["recommendation_id"]
        return await _became(self._answering.decide(wish, *about, self._wait_seconds))

    def _deadline(self) -> float:
        return asyncio.get_running_loop().time() + self._wait_seconds


def application(api: Api, settings: ApiSettings) -> web.Application:
    """The API with its guards, ready to be served."""
    app = web.Application(
        middlewares=[tell_problems(), check_host(settings), check_token(settings)], client_max_size=_MOST_BYTES
    )
    handlers = api.handlers()
    app.add_routes([web.route(each.method, each.path, handlers[each.name]) for each in OPERATIONS])
    return app


async def _became(answer: Awaitable[AnswerResult]) -> web.Response:
    """What became of an answer: in force, refused by the workers, or not known yet."""
    try:
        result = await answer
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
    if not result.accepted:
        raise Refused(HTTPStatus.CONFLICT, f"Nothing has changed: {result.detail}", result=result)
    return _told(result)


async def _body(request: web.Request, kind: type[Kind]) -> Kind:
    if request.content_type != _JSON or (request.charset or "utf-8").lower() not in _UTF_8:
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Send {_JSON} in UTF-8.")
    body = await request.read()
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        raise invalid(error) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(HTTPStatus.BAD_REQUEST, f"The body is no JSON: {error}.") from error


def _selection(request: web.Request) -> Selection:
    """The query as a selection: names repeat, "all" is true or false."""
    given = {name: request.query.getall(name) for name in request.query}
    everything = {"all": given.pop("all")[-1]} if "all" in given else {}
    try:
        return msgspec.convert({**given, **everything}, Selection, strict=False)
    except msgspec.ValidationError as error:
        raise invalid(error) from error


_Asked = TypeVar("_Asked")
_Found = TypeVar("_Found")


def _kept(ask: Callable[[_Asked], _Found], asked: _Asked) -> _Found:
    """What the alerts that are kept say, where all are kept."""
    try:
        return ask(asked)
    except Overfull as overfull:
        raise _unknown(overfull) from overfull


def _unknown(error: Exception) -> Refused:
    return Refused(HTTPStatus.SERVICE_UNAVAILABLE, f"What stands now is not known: {error}.")


def _left(deadline: float) -> float:
    return max(0.0, deadline - asyncio.get_running_loop().time())


def _told(told: Struct) -> web.Response:
    return web.Response(body=msgspec.json.encode(told), content_type=_JSON)


async def _describe(_request: web.Request) -> web.Response:
    return web.Response(body=files("consumers.api").joinpath("openapi.json").read_bytes(), content_type=_JSON)
