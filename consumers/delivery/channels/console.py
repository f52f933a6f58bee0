"""Standard output: for a terminal that somebody watches, or a log that something reads."""

from collections.abc import Callable
from typing import Literal

from consumers.delivery.channel import Channel, DeliveryFailed, Message, Surroundings
from consumers.delivery.receiver import ReceiverSettings


class Settings(ReceiverSettings):
    """A receiver of kind `console`: lines on the standard output of `vigil deliver`."""

    kind: Literal["console"] = "console"
    """Which channel."""


class _Console:
    def __init__(self, echo: Callable[[str], object]) -> None:
        self._echo = echo

    async def send(self, message: Message) -> None:
        """Prints it at once; raises DeliveryFailed when nobody reads any more."""
        try:
            self._echo(message.text)
        except OSError as error:
            raise DeliveryFailed("standard output can't be written", retryable=True) from error

    async def close(self) -> None:
        """Nothing is held."""


def open_channel(_settings: Settings, surroundings: Surroundings) -> Channel:
    """The standard output, as it is."""
    return _Console(surroundings.echo)
