"""Who is let in: callers that name this host, with the token where one is asked for; and how they hear no."""

import hmac
import ipaddress
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from consumers.api.problems import Problem, Refused, response
from consumers.api.settings import Served

HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
"""Of every response."""
_BEARER = "bearer "


def tell_problems(hint: str = "") -> Middleware:
    """Tells whatever is refused as a problem in JSON; `hint` says where a caller finds what there is."""

    @web.middleware
    async def told(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            answer = await handler(request)
        except Refused as refused:
            headers = {"WWW-Authenticate": "Bearer"} if refused.status == HTTPStatus.UNAUTHORIZED else {}
            answer = response(refused.problem, headers)
        except web.HTTPException as refused:
            status = HTTPStatus(refused.status)
            allow = {"Allow": refused.headers["Allow"]} if "Allow" in refused.headers else {}
            answer = response(
                Problem(title=status.phrase, status=status.value, detail=_detail(request, refused, hint)), allow
            )
        return answer

    return told


def add_headers(headers: Mapping[str, str]) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    """Adds headers to every response, unless it brings its own: a listener of `on_response_prepare`."""

    async def add(_request: web.Request, answer: web.StreamResponse) -> None:
        for name, value in headers.items():
            answer.headers.setdefault(name, value)

    return add


def check_host(settings: Served) -> Middleware:
    """Refuses a request that was meant for another host name, as a page does that rebinds its name to this address."""
    variable = f"{settings.model_config.get('env_prefix')}NAMES"

    @web.middleware
    async def checked(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not _is_known(request.host, settings.known_names):
            raise Refused(
                HTTPStatus.MISDIRECTED_REQUEST,
                f"This is not served under that host name: use localhost or an address, or set {variable}.",
            )
        return await handler(request)

    return checked


def check_token(settings: Served, is_open: Callable[[str], bool]) -> Middleware:
    """Refuses a request without the token, where one is set, unless its path is open to anybody."""
    bearer = settings.bearer

    @web.middleware
    async def checked(request: web.Request, handler: Handler) -> web.StreamResponse:
        if bearer is not None and not is_open(request.path) and not bears(request, bearer):
            raise Refused(HTTPStatus.UNAUTHORIZED, "Send the token as `Authorization: Bearer ...`.")
        return await handler(request)

    return checked


def _is_known(host: str, names: frozenset[str]) -> bool:
    """Whether a Host header is an address, which no name can be rebound to, or one of the names."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return name in names
    return True


def bears(request: web.Request, bearer: str) -> bool:
    """Whether a request bears the token, in its header."""
    given = request.headers.get("Authorization", "")
    is_bearer = given.lower().startswith(_BEARER)
    return is_bearer and hmac.compare_digest(given[len(_BEARER) :].strip().encode(errors="replace"), bearer.encode())


def _detail(request: web.Request, refused: web.HTTPException, hint: str) -> str:
    details = {
        HTTPStatus.NOT_FOUND: f"There is nothing here{hint}.",
        HTTPStatus.METHOD_NOT_ALLOWED: f"{request.method} does nothing here{hint}.",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is larger than any answer can be.",
    }
    return details.get(HTTPStatus(refused.status), refused.reason)
