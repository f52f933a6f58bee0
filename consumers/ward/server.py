"""The handlers of the ward page."""

import time
from collections.abc import Awaitable
from functools import partial
from http import HTTPStatus

import msgspec
from aiohttp import web
from aiohttp.web_response import ContentCoding
from msgspec import Struct

from consumers.answers.answering import Answering
from consumers.answers.wishes import (
    AcknowledgementWish,
    FeedbackWish,
    PauseWish,
    RecommendationWish,
    SnoozeWish,
    Wish,
)
from consumers.api.guards import HEADERS, add_headers, check_host, tell_problems
from consumers.api.problems import FieldError, Refused
from consumers.api.requests import JSON, MOST_BYTES, became, body, confirmed, told
from consumers.hand_entry import VITALS
from consumers.ward.asking import course_asked
from consumers.ward.entries import NotEntered
from consumers.ward.pages import Pages
from consumers.ward.scenarios import ScenarioDesk, ScenarioRefused
from consumers.ward.sessions import Sessions, check_origin
from consumers.ward.settings import WardSettings
from consumers.ward.stream import Stream
from consumers.ward.views.ward import WardView
from consumers.ward.views.wishes import FormField, HandEntered, HandEntry, ScenarioWish
from consumers.ward.ward import Ward

_SELF = ("script-src", "style-src", "img-src", "connect-src", "font-src", "media-src")
_NONE = ("default-src", "base-uri", "form-action", "frame-ancestors")
_POLICY = "; ".join([*(f"{each} 'none'" for each in _NONE), *(f"{each} 'self'" for each in _SELF)])
_ALL_HEADERS = HEADERS | {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}


class TokenWish(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`POST /session`: the token, for a cookie."""

    token: str


class WardServer:
    """Answers what the page asks of one ward."""

    def __init__(self, ward: Ward, settings: WardSettings, scenarios: ScenarioDesk | None) -> None:
        self.stream = Stream(ward.book, ward.condition, time.monotonic)
        self._ward = ward
        self._settings = settings
        self._scenarios = scenarios
        self._sessions = Sessions(settings)
        self._pages = Pages()

    def application(self) -> web.Application:
        """The page with its guards, ready to be served."""
        guards = [tell_problems(), check_host(self._settings), self._sessions.check(), check_origin()]
        app = web.Application(middlewares=guards, client_max_size=MOST_BYTES)
        app.on_response_prepare.append(add_headers(_ALL_HEADERS))
        app.on_shutdown.append(self._close)
        app.add_routes(self._routes())
        return app

    def _routes(self) -> list[web.RouteDef]:
        routes = [
            web.get("/", self._pages.index),
            web.get("/static/{path:.+}", self._pages.file),
            web.get("/session", self._session),
            web.post("/session", self._sign_in),
            web.delete("/session", self._sign_out),
            web.get("/healthz", self._health),
            web.get("/ward", self._view),
            web.get("/stream", self._stream),
            web.get("/forms", self._forms),
            web.post("/alerts/{alert_id}/acknowledge", partial(self._answer, AcknowledgementWish)),
            web.post("/alerts/{alert_id}/snooze", partial(self._answer, SnoozeWish)),
            web.post("/alerts/{alert_id}/feedback", partial(self._answer, FeedbackWish)),
            web.get("/patients/{patient_id}", self._show),
            web.get("/patients/{patient_id}/course", self._course),
            web.post("/patients/{patient_id}/pause", self._pause),
            web.post("/patients/{patient_id}/recommendations/{recommendation_id}", self._decide),
            web.post("/patients/{patient_id}/readings", self._enter),
        ]
        if self._scenarios is not None:
            routes.append(web.post("/scenarios", partial(self._begin, self._scenarios)))
        return routes

    async def _close(self, _app: web.Application) -> None:
        self.stream.is_closing.set()

    # --- Who looks ---------------------------------------------------------------------------------------------------

    async def _session(self, request: web.Request) -> web.Response:
        return told(self._sessions.session(request))

    async def _sign_in(self, request: web.Request) -> web.Response:
        wish = await body(request, TokenWish)
        response = web.Response(status=HTTPStatus.NO_CONTENT)
        self._sessions.open(wish.token, request, response)
        return response

    async def _sign_out(self, _request: web.Request) -> web.Response:
        response = web.Response(status=HTTPStatus.NO_CONTENT)
        self._sessions.close(response)
        return response

    # --- Looking -----------------------------------------------------------------------------------------------------

    async def _health(self, _request: web.Request) -> web.Response:
        covering = [trouble.kind for trouble in self._ward.condition.state().troubles if trouble.covers]
        if covering:
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, f"The page shows nothing of now: {', '.join(covering)}.")
        return web.Response(text="ok\n")

    async def _view(self, request: web.Request) -> web.Response:
        book = self._ward.book
        view = WardView(
            run=book.run,
            seq=book.seq,
            prefix=self._ward.topics.prefix,
            origin=self._ward.topics.answering.origin,
            state=self._ward.condition.state(),
            rows=book.rows(),
            gateways=book.gateways(),
            calls=book.calls(),
            scenarios=[] if self._scenarios is None else self._scenarios.list(),
        )
        return _packed(request, told(view))

    async def _show(self, request: web.Request) -> web.Response:
        patient_id, book = request.match_info["patient_id"], self._ward.book
        row = book.row(patient_id)
        view = None if row is None else self._ward.dossiers.view(patient_id, row, book.run, book.seq)
        if view is None:
            raise self._nobody()
        return _packed(request, told(view))

    async def _course(self, request: web.Request) -> web.Response:
        asked = course_asked(request.query, self._ward.book.now)
        course = self._ward.histories.course(request.match_info["patient_id"], *asked)
        if course is None:
            raise self._nobody()
        return _packed(request, told(course))

    def _nobody(self) -> Refused:
        if not self._ward.condition.has_read_back:
            return Refused(HTTPStatus.SERVICE_UNAVAILABLE, "Of that patient nothing is known yet: the past is read.")
        return Refused(HTTPStatus.NOT_FOUND, "Of a patient of that id nothing is known here.")

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        return await self.stream.send(request, request.headers.get("Last-Event-ID") or request.query.get("since", ""))

    async def _forms(self, _request: web.Request) -> web.Response:
        fields = [FormField(name=name, title=vital.title, form=vital.form) for name, vital in VITALS.items()]
        return web.Response(body=msgspec.json.encode(fields), content_type=JSON)

    # --- Answering ---------------------------------------------------------------------------------------------------

    async def _answer(self, kind: type[Wish], request: web.Request) -> web.Response:
        wish = await body(request, kind)
        answering = self._answering()
        alerts, alert_id = self._ward.book.alerts, request.match_info["alert_id"]
        # Whether there was anything to do, people say when it is over.
        alert = alerts.find_or_closed(alert_id) if kind is FeedbackWish else alerts.find(alert_id)
        if alert is None:
            raise Refused(HTTPStatus.NOT_FOUND, "No such alert stands: it has closed, or never was.")
        return await became(answering.answer(wish, alert, self._settings.wait_seconds))

    async def _pause(self, request: web.Request) -> web.Response:
        wish = await body(request, PauseWish)
        answering = self._answering()
        return await became(answering.pause(wish, self._patient(request), self._settings.wait_seconds))

    async def _decide(self, request: web.Request) -> web.Response:
        wish = await body(request, RecommendationWish)
        answering = self._answering()
        about = self._patient(request), request.match_info["recommendation_id"]
        return await became(answering.decide(wish, *about, self._settings.wait_seconds))

    async def _enter(self, request: web.Request) -> web.Response:
        entry = await body(request, HandEntry)
        self._answering()
        patient_id, desk = self._patient(request), self._ward.desk
        assert desk is not None
        return told(await _entered(self._ward.entries.enter(entry, patient_id, desk, self._settings.wait_seconds)))

    def _answering(self) -> Answering:
        """Where answers are handed in; refused where what stands is not known, or nothing could be published."""
        answering = self._ward.answering
        if answering is None:
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, "Nothing was published: Kafka does not answer.")
        if not self._ward.condition.has_read_back:
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE, "Nothing was published: the past is not read yet.")
        return answering

    def _patient(self, request: web.Request) -> str:
        patient_id = request.match_info["patient_id"]
        if not self._ward.book.is_watched(patient_id):
            raise Refused(HTTPStatus.NOT_FOUND, "No patient of that id is watched here.")
        return patient_id

    # --- The demo ----------------------------------------------------------------------------------------------------

    async def _begin(self, scenarios: ScenarioDesk, request: web.Request) -> web.Response:
        wish = await body(request, ScenarioWish)
        try:
            return told(scenarios.begin(wish.name, wish.patient_id))
        except ScenarioRefused as refused:
            raise Refused(HTTPStatus.CONFLICT, str(refused)) from refused


async def _entered(entering: Awaitable[HandEntered]) -> HandEntered:
    try:
        return await confirmed(entering)
    except NotEntered as error:
        detail = f"{error}."
        raise Refused(HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors=[FieldError(error.field, detail)]) from error


def _packed(request: web.Request, response: web.Response) -> web.Response:
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response.enable_compression(ContentCoding.gzip)
    return response
