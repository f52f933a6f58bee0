"""The handlers: a request in, what stands or what became of an answer out."""

import asyncio
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from importlib.resources import files
from typing import TypeVar

import msgspec
from aiohttp import web
from aiohttp.typedefs import Handler

from consumers.answers.answering import Answering
from consumers.answers.follower import Behind, StandingFollower
from consumers.answers.standing import Overfull, Selection, StandingAlerts
from consumers.answers.wishes import (
    AcknowledgementWish,
    FeedbackWish,
    PauseWish,
    RecommendationWish,
    SnoozeWish,
    Wish,
)
from consumers.api.guards import HEADERS, add_headers, check_host, check_token, tell_problems
from consumers.api.operations import OPERATIONS, AlertList
from consumers.api.problems import Refused, invalid
from consumers.api.requests import JSON, MOST_BYTES, became, body, left, told
from consumers.api.settings import ApiSettings
from models.events import Alert

_OPEN = frozenset({"/healthz", "/openapi.json"})


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
        return told(AlertList(alerts=_kept(standing.selected, selection), unreadable=standing.unreadable))

    async def _show(self, request: web.Request) -> web.Response:
        return told(await self._alert(request, StandingAlerts.find))

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
        wish = await body(request, kind)
        # Whether there was anything to do, people say when it is over.
        find = StandingAlerts.find_or_closed if kind is FeedbackWish else StandingAlerts.find
        alert = await self._alert(request, find)
        return await became(self._answering.answer(wish, alert, left(deadline)))

    async def _pause(self, request: web.Request) -> web.Response:
        wish = await body(request, PauseWish)
        return await became(self._answering.pause(wish, request.match_info["patient_id"], self._wait_seconds))

    async def _decide(self, request: web.Request) -> web.Response:
        wish = await body(request, RecommendationWish)
        about = request.match_info["patient_id"], request.match_info["recommendation_id"]
        return await became(self._answering.decide(wish, *about, self._wait_seconds))

    def _deadline(self) -> float:
        return asyncio.get_running_loop().time() + self._wait_seconds


def application(api: Api, settings: ApiSettings) -> web.Application:
    """The API with its guards, ready to be served."""
    guards = [tell_problems(": see /openapi.json"), check_host(settings), check_token(settings, _OPEN.__contains__)]
    app = web.Application(middlewares=guards, client_max_size=MOST_BYTES)
    app.on_response_prepare.append(add_headers(HEADERS))
    handlers = api.handlers()
    app.add_routes([web.route(each.method, each.path, handlers[each.name]) for each in OPERATIONS])
    return app


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


async def _describe(_request: web.Request) -> web.Response:
    return web.Response(body=files("consumers.api").joinpath("openapi.json").read_bytes(), content_type=JSON)
