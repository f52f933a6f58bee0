"""Who is let in: callers that name this host, with the token where one is asked for; and how they hear no."""

import hmac
import ipaddress
from http import HTTPStatus
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from consumers.api.problems import Problem, Refused, response
from consumers.api.settings import ApiSettings

_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_OPEN = frozenset({"/healthz", "/openapi.json"})
_BEARER = "bearer "


def tell_problems() -> Middleware:
    """Tells whatever is refused as a problem in JSON."""

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
                Problem(title=status.phrase, status=status.value, detail=_detail(request, refused)), allow
            )
        answer.headers.update(_HEADERS)
        return answer

    return told


def check_host(settings: ApiSettings) -> Middleware:
    """Refuses a request that was meant for another host name, as a page does that rebinds its name to this address."""

    @web.middleware
    async def checked(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not _is_known(request.host, settings.known_names):
            raise Refused(
                HTTPStatus.MISDIRECTED_REQUEST,
                "This is not served under that host name: use localhost or an address, or set VIGIL_API_NAMES.",
            )
        return await handler(request)

    return checked


def check_token(settings: ApiSettings) -> Middleware:
    """Refuses a request without the token, where one is set."""
    bearer = settings.bearer

    @web.middleware
    async def checked(request: web.Request, handler: Handler) -> web.StreamResponse:
        if bearer is not None and request.path not in _OPEN and not _bears(request, bearer):
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


def _bears(request: web.Request, bearer: str) -> bool:
    given = request.headers.get("Authorization", "")
    is_bearer = given.lower().startswith(_BEARER)
    return is_bearer and hmac.compare_digest(given[len(_BEARER) :].strip().encode(errors="replace"), bearer.encode())


def _detail(request: web.Request, refused: web.HTTPException) -> str:
    details = {
        HTTPStatus.NOT_FOUND: "There is nothing here: see /openapi.json.",
        HTTPStatus.METHOD_NOT_ALLOWED: f"{request.method} does nothing here: see /openapi.json.",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is larger than any answer can be.",
    }
    return details.get(HTTPStatus(refused.status), refused.reason)
