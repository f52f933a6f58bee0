"""Anything that Apprise speaks: push to phones, mail, chat, pagers."""

import logging
from typing import Literal, Self

from apprise import Apprise, NotifyFormat, NotifyType
from pydantic import SecretStr, model_validator

from consumers.delivery.channel import Channel, DeliveryFailed, Message, Surroundings
from consumers.delivery.receiver import ReceiverSettings, required
from models.events import Priority

_TYPES: dict[Priority, NotifyType] = {
    "low": NotifyType.INFO,
    "medium": NotifyType.WARNING,
    "high": NotifyType.FAILURE,
}


class Settings(ReceiverSettings):
    """A receiver of kind `apprise`: a service that Apprise knows, by its URL."""

    kind: Literal["apprise"] = "apprise"
    """Which channel."""

    url: SecretStr | None = None
    """The service, as Apprise writes it; it mostly holds a password, so better from elsewhere."""

    url_env: str | None = None
    """The environment variable that holds the URL."""

    url_file: str | None = None
    """The file that holds the URL."""

    format: Literal["text", "html"] = "text"
    """What the text is: plain, or HTML for mail."""

    @property
    def suffix(self) -> str:
        """Of which kind the text is."""
        return ".html" if self.format == "html" else ".txt"

    @model_validator(mode="after")
    def _is_known(self) -> Self:
        if not _opened(self):
            raise ValueError("its url is of no service that Apprise knows: write one as Apprise's documentation shows")
        return self


class _Apprise:
    def __init__(self, settings: Settings) -> None:
        self._service = _opened(settings)
        self._format = NotifyFormat.HTML if settings.format == "html" else NotifyFormat.TEXT

    async def send(self, message: Message) -> None:
        """Hands it to the service; Apprise tells no more than whether that went well, so every failure may pass."""
        urgency = _TYPES[max((item.alert.priority for item in message.items), key=list(_TYPES).index, default="low")]
        try:
            result = await self._service.async_notify(
                title=message.title, body=message.text, notify_type=urgency, body_format=self._format
            )
        except Exception as error:
            raise DeliveryFailed(f"the service failed ({type(error).__name__})", retryable=True) from error
        if not result:
            raise DeliveryFailed("the service did not take it", retryable=True)

    async def close(self) -> None:
        """Apprise holds no connection."""


def open_channel(settings: Settings, _surroundings: Surroundings) -> Channel:
    """One service, ready to be told."""
    return _Apprise(settings)


def _opened(settings: Settings) -> Apprise:
    """The service, or none; what Apprise logs could hold an address or a text, so it is kept silent."""
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    service = Apprise()
    service.add(required(settings, "url"))
    return service
