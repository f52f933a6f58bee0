"""What a channel is: one way of telling people, or a program, of alerts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from models.events import Alert


class DeliveryFailed(Exception):
    """A receiver did not take a message; the text holds no secret, no name and no measurement.

    `retry_after`: seconds that the receiver asked to be left alone for.
    """

    def __init__(self, told: str, *, retryable: bool, retry_after: float | None = None) -> None:
        super().__init__(told)
        self.retryable = retryable
        self.retry_after = retry_after


@dataclass(frozen=True, kw_only=True)
class Item:
    """One alert of a message: the revision that notifies; `key` is the same whenever this call is repeated."""

    key: str
    alert: Alert
    round: int
    step: int


@dataclass(frozen=True, kw_only=True)
class Message:
    """What a channel gets to send: text for people, facts for programs (both without values unless allowed)."""

    key: str
    at: datetime
    title: str
    text: str
    facts: Mapping[str, Any]  # Any: whatever JSON can say
    items: tuple[Item, ...]
    is_test: bool = False


class Channel(Protocol):
    """One open way to one receiver."""

    async def send(self, message: Message) -> None:
        """Returns once the receiver has taken it; raises DeliveryFailed."""

    async def close(self) -> None:
        """Lets go of connections."""


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What the process lends to its channels: `client` holds aiokafka's arguments, `echo` prints a line for people."""

    client: Mapping[str, Any]  # Any: aiokafka's to say
    echo: Callable[[str], object]
