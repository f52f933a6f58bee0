"""Who is let in to the page: whoever bears the token, or a cookie that was given for it."""

import hashlib
import hmac
import time
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from consumers.api.guards import bears
from consumers.api.problems import Refused
from consumers.ward.settings import WardSettings
from consumers.ward.views.wishes import Session

_LASTS_SECONDS = 7 * 24 * 60 * 60
_OPEN = frozenset({"/", "/session", "/healthz"})
_STATIC = "/static/"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Sessions:
    """Gives a cookie for the token, and knows it again; it says when it ends, and holds nothing of the token itself."""

    def __init__(self, settings: WardSettings, clock: Callable[[], float] = time.time) -> None:
        self._bearer = settings.bearer
        self._cookie = f"vigil_ward_{settings.prefix}"
        self._clock = clock

    def session(self, request: web.Request) -> Session:
        """Whether a token is asked for, and whether this caller has told it."""
        return Session(needs_token=self._bearer is not None, signed_in=self.is_let_in(request))

    def is_let_in(self, request: web.Request) -> bool:
        """Whether a request bears the token or a cookie for it, or none is asked for."""
        if self._bearer is None or bears(request, self._bearer):
            return True
        ends, _, _ = request.cookies.get(self._cookie, "").partition(".")
        if not ends.isascii() or not ends.isdecimal() or int(ends) < self._clock():
            return False
        return hmac.compare_digest(request.cookies[self._cookie].encode(errors="replace"), self._value(ends).encode())

    def open(self, token: str, request: web.Request, response: web.Response) -> None:
        """Gives the cookie for the token; raises Refused for another."""
        if self._bearer is None:
            return
        if not hmac.compare_digest(token.encode(errors="replace"), self._bearer.encode()):
            raise Refused(HTTPStatus.UNAUTHORIZED, "That is not the token.")
        value = self._value(str(int(self._clock()) + _LASTS_SECONDS))
        response.set_cookie(
            self._cookie, value, max_age=_LASTS_SECONDS, httponly=True, samesite="Strict", secure=request.secure
        )

    def close(self, response: web.Response) -> None:
        """Takes the cookie back."""
        response.del_cookie(self._cookie, httponly=True, samesite="Strict")

    def check(self) -> Middleware:
        """Refuses who is not let in; the page itself is anybody's, for it asks for the token."""

        @web.middleware
        async def checked(request: web.Request, handler: Handler) -> web.StreamResponse:
            is_open = request.path in _OPEN or request.path.startswith(_STATIC)
            if not is_open and not self.is_let_in(request):
                raise Refused(HTTPStatus.UNAUTHORIZED, "Sign in with the token, or send it as `Authorization: Bearer`.")
            return await handler(request)

        return checked

    def _value(self, ends: str) -> str:
        assert self._bearer is not None
        return f"{ends}.{hmac.new(self._bearer.encode(), f'vigil ward {ends}'.encode(), hashlib.sha256).hexdigest()}"


def check_origin() -> Middleware:
    """Refuses what another page would have this browser do."""

    @web.middleware
    async def checked(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.method not in _SAFE and not _is_own(request):
            raise Refused(HTTPStatus.FORBIDDEN, "Another page asks for this: only the ward page itself may.")
        return await handler(request)

    return checked


def _is_own(request: web.Request) -> bool:
    """Whether a request comes from this page, or from no page at all."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("Origin")
    try:
        return origin is None or urlsplit(origin).netloc.lower() == request.host.lower()
    except ValueError:
        return False
