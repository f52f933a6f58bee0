"""A signed webhook, as the Standard Webhooks specification says (standardwebhooks.com)."""

import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal, Self

import aiohttp
from pydantic import SecretStr, model_validator
from standardwebhooks import Webhook

from consumers.delivery.channel import Channel, DeliveryFailed, Message, Surroundings
from consumers.delivery.receiver import ReceiverSettings, required

_OK = range(200, 300)
_TRY_AGAIN = frozenset({408, 425, 429})
_SERVER_ERRORS = 500


class Settings(ReceiverSettings):
    """A receiver of kind `webhook`: a program that takes POSTs, and can tell that they are Vigil's."""

    kind: Literal["webhook"] = "webhook"
    """Which channel."""

    url: SecretStr | None = None
    """Where to post to."""

    url_env: str | None = None
    """The environment variable that holds the URL."""

    url_file: str | None = None
    """The file that holds the URL."""

    secret: SecretStr | None = None
    """What to sign with: `whsec_` and base64; better from elsewhere."""

    secret_env: str | None = None
    """The environment variable that holds the secret."""

    secret_file: str | None = None
    """The file that holds the secret."""

    @model_validator(mode="after")
    def _can_be_used(self) -> Self:
        if not required(self, "url").startswith(("http://", "https://")):
            raise ValueError("its url is none: write one that begins with https://")
        try:
            Webhook(required(self, "secret"))
        except Exception as error:  # The library raises what base64 does, and errors of its own.
            raise ValueError(
                "its secret is none: write `whsec_` and base64, as `vigil deliver --help` shows"
            ) from error
        return self


class _Webhook:
    def __init__(self, settings: Settings) -> None:
        self._url = required(settings, "url")
        self._signer = Webhook(required(settings, "secret"))
        # Redirects are not followed, and neither cookies nor more of an answer than its status are kept.
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())

    async def send(self, message: Message) -> None:
        """Posts it; raises DeliveryFailed by the status of the answer."""
        body = json.dumps(body_of(message), ensure_ascii=False, separators=(",", ":"))
        now = datetime.now(UTC)
        headers = {
            "Content-Type": "application/json",
            "webhook-id": message.key,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._signer.sign(message.key, now, body),
            "Idempotency-Key": message.key,
        }
        try:
            async with self._session.post(
                self._url, data=body.encode(), headers=headers, allow_redirects=False
            ) as answer:
                _judge(answer.status, answer.headers.get("Retry-After"), now)
        except aiohttp.InvalidURL as error:
            raise DeliveryFailed("its url is none", retryable=False) from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise DeliveryFailed(f"no proper answer ({type(error).__name__})", retryable=True) from error

    async def close(self) -> None:
        """Closes the connections."""
        await self._session.close()


def open_channel(settings: Settings, _surroundings: Surroundings) -> Channel:
    """Connections to one address, made when they are needed."""
    return _Webhook(settings)


def body_of(message: Message) -> dict[str, object]:
    """The payload: `type` and `timestamp` as the specification wants them, and the facts."""
    kind = "vigil.test" if message.is_test else "vigil.alert"
    return {
        "type": kind,
        "timestamp": message.at.isoformat(),
        "data": {"title": message.title, "text": message.text, **message.facts},
    }


def _judge(status: int, retry_after: str | None, now: datetime) -> None:
    if status in _OK:
        return
    is_retryable = status in _TRY_AGAIN or status >= _SERVER_ERRORS
    raise DeliveryFailed(
        f"status {status}", retryable=is_retryable, retry_after=seconds_of(retry_after, now) if retry_after else None
    )


def seconds_of(retry_after: str, now: datetime) -> float | None:
    """How long a receiver asks to be left alone: seconds or a date; nothing where it is neither."""
    if retry_after.isascii() and retry_after.strip().isdigit():
        return float(retry_after)
    try:
        at = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return max(((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds(), 0)
