"""The calls to one receiver: each tried until it is taken, refused for good, or no longer wanted.

One receiver that is slow or away holds up nobody else: each has an outbox, with a gate and with tasks of its own.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Protocol

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_exponential_jitter

from consumers.delivery.channel import Channel, DeliveryFailed
from consumers.delivery.gate import Gate
from consumers.delivery.grouping import RANK, Batch
from consumers.delivery.metrics import DeliveryMetrics
from consumers.delivery.receiver import ReceiverSettings
from consumers.delivery.rendering import BadTemplate, Renderer

log = logging.getLogger(__name__)

_LONGEST_REQUESTED_SECONDS = 600.0  # A receiver that asks for a day must not be forgotten for one.


class Office(Protocol):
    """Who hands batches out, and hears what became of them."""

    def still_wanted(self, batch: Batch) -> Batch | None:
        """The batch without the calls that nobody needs any more; nothing when none is left."""

    def delivered(self, batch: Batch, tries: int) -> None:
        """The receiver took it."""

    def in_trouble(self, batch: Batch, told: str) -> None:
        """A try failed, and it is tried again."""

    def refused(self, batch: Batch, told: str) -> None:
        """It is of no use to try it again."""

    def not_made(self, batch: Batch) -> None:
        """Nobody needs it any more."""


class _NotNeeded(Exception):
    """Nothing of a batch is wanted any more, or the process stops."""


class Outbox:
    """Tries what it is given, each batch in a task of its own."""

    def __init__(
        self,
        settings: ReceiverSettings,
        channel: Channel,
        renderer: Renderer,
        *,
        office: Office,
        metrics: DeliveryMetrics,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._settings = settings
        self._channel = channel
        self._renderer = renderer
        self._office = office
        self._metrics = metrics
        self._now = now
        self._sleep = sleep
        self._gate = Gate(per_minute=settings.rate_per_minute, burst=settings.burst, concurrency=settings.concurrency)
        self._tasks: set[asyncio.Task[None]] = set()
        self._sending: set[asyncio.Task[None] | None] = set()
        self._is_idle = asyncio.Event()
        self._is_idle.set()
        self._is_stopping = False

    def put(self, batch: Batch) -> None:
        """Begins to deliver it; the office hears how it ends."""
        task = asyncio.create_task(self._deliver(batch), name=f"deliver to {self._settings.name}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settle(self, seconds: float) -> None:
        """Waits for the calls that are out now, but no longer than that."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._is_idle.wait()

    async def stop(self, seconds: float) -> None:
        """Makes no more calls, waits a while for those that are out, and closes the channel."""
        self._is_stopping = True
        for task in self._tasks - self._sending:
            task.cancel()
        await self.settle(seconds)
        for task in self._tasks:
            task.cancel()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._channel.close()

    async def _deliver(self, batch: Batch) -> None:
        tries = 0
        try:
            async for attempt in self._attempts():
                with attempt:
                    tries += 1
                    await self._try(batch, tries)
        except _NotNeeded:
            self._metrics.delivery(self._settings.name, "not-needed")
            self._office.not_made(batch)
        except DeliveryFailed as error:
            log.error("%s refused message %s for good: %s", self._settings.name, batch.key, error)
            self._metrics.delivery(self._settings.name, "refused")
            self._office.refused(batch, str(error))
        except Exception as error:  # noqa: BLE001 - whatever goes wrong here, the call is handed out again
            log.error("%s, message %s: the outbox failed (%s)", self._settings.name, batch.key, type(error).__name__)
            self._office.not_made(batch)

    def _attempts(self) -> AsyncRetrying:
        return AsyncRetrying(
            retry=retry_if_exception(lambda error: isinstance(error, DeliveryFailed) and error.retryable),
            wait=self._wait,
            sleep=self._sleep,
            reraise=True,
        )

    def _wait(self, state: RetryCallState) -> float:
        """About twice as long each time, and as long as the receiver asks for."""
        settings = self._settings
        backoff = wait_exponential_jitter(
            multiplier=settings.retry_seconds, max=settings.retry_most_seconds, jitter=settings.retry_seconds
        )(state)
        error = state.outcome.exception() if state.outcome is not None else None
        requested = error.retry_after if isinstance(error, DeliveryFailed) else None
        return max(backoff, min(requested or 0, _LONGEST_REQUESTED_SECONDS))

    async def _try(self, batch: Batch, number: int) -> None:
        """One try of what is still wanted; raises DeliveryFailed, or _NotNeeded."""
        async with self._gate.passed(RANK[batch.priority]):
            wanted = None if self._is_stopping else self._office.still_wanted(batch)
            if wanted is None:
                raise _NotNeeded
            try:
                with self._under_way():
                    await self._send(wanted)
                    self._metrics.delivery(self._settings.name, "delivered")
                    self._office.delivered(wanted, number)
            except DeliveryFailed as error:
                self._metrics.failed_try(self._settings.name)
                self._office.in_trouble(wanted, str(error))
                if error.retryable and number & (number - 1) == 0:  # Of many tries the 1st, 2nd, 4th, 8th ...
                    log.warning("%s, message %s, try %d: %s", self._settings.name, batch.key, number, error)
                raise

    @contextmanager
    def _under_way(self) -> Iterator[None]:
        """While it lasts a call is out, and what becomes of it is not yet kept."""
        task = asyncio.current_task()
        self._sending.add(task)
        self._is_idle.clear()
        try:
            yield
        finally:
            self._sending.discard(task)
            if not self._sending:
                self._is_idle.set()

    async def _send(self, batch: Batch) -> None:
        """The boundary round a channel: whatever goes wrong below is a DeliveryFailed."""
        seconds = self._settings.timeout_seconds
        try:
            message = self._renderer.message(batch, self._now())
            async with asyncio.timeout(seconds):
                await self._channel.send(message)
        except DeliveryFailed:
            raise
        except TimeoutError as error:
            raise DeliveryFailed(f"no answer within {seconds:g} s", retryable=True) from error
        except BadTemplate as error:
            raise DeliveryFailed(str(error), retryable=False) from error
        except Exception as error:  # One receiver may fail in any way, delivery may not.
            raise DeliveryFailed(f"the channel failed ({type(error).__name__})", retryable=True) from error
