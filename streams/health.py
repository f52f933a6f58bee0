"""Whether this worker is ready and healthy."""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Protocol

_ASK_SECONDS = 5.0


class Watched(Protocol):
    """What health reads of a partition that is worked on."""

    @property
    def number(self) -> int:
        """Which partition."""

    @property
    def is_restored(self) -> bool:
        """Whether it can be worked on."""

    @property
    def busy_since(self) -> float | None:
        """When the transaction in hand began, by the monotonic clock."""

    async def reach_broker(self) -> bool:
        """Whether a broker answers; may take long."""


class Holding(Protocol):
    """What health reads of who holds partitions."""

    @property
    def was_assigned(self) -> bool:
        """Whether any was ever assigned."""

    def all(self) -> Sequence[Watched]:
        """Every partition held now."""


class Health:
    """Watches the held partitions and the broker."""

    def __init__(self, held: Holding, stuck_seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._held = held
        self._stuck_seconds = stuck_seconds
        self._clock = clock
        self._broker_seen_at = clock()

    def not_ready(self) -> str | None:
        """What keeps this worker from being ready."""
        if not self._held.was_assigned:
            return "no partition was assigned yet"
        waiting = [str(partition.number) for partition in self._held.all() if not partition.is_restored]
        return f"still restoring partition {', '.join(waiting)}" if waiting else None

    def not_healthy(self) -> str | None:
        """What is wrong for so long that a restart, or a person, should look at it."""
        silent = self._clock() - self._broker_seen_at
        if silent > self._stuck_seconds:
            return f"no broker has answered for {silent:.0f} s"
        for partition in self._held.all():
            if partition.busy_since is not None and self._clock() - partition.busy_since > self._stuck_seconds:
                return (
                    f"partition {partition.number} has been at one transaction for {self._stuck_seconds:.0f} s or more"
                )
        return None

    async def watch_broker(self) -> None:
        """Asks a broker for a sign of life every few seconds, for ever."""
        while True:
            held = self._held.all()
            if not held or await _answers(held[0]):
                self._broker_seen_at = self._clock()
            await asyncio.sleep(_ASK_SECONDS)


async def _answers(partition: Watched) -> bool:
    try:
        async with asyncio.timeout(_ASK_SECONDS):
            return await partition.reach_broker()
    except TimeoutError:
        return False
