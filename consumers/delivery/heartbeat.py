"""A sign of life for a watchdog elsewhere: it stays away when alerts are not read, or no broker answers."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import aiohttp

from consumers.delivery.configuration import Heartbeat
from consumers.delivery.metrics import DeliveryMetrics
from consumers.delivery.receiver import required

log = logging.getLogger(__name__)

_LOOK_AGAIN_SECONDS = 5.0  # Once all is well again, the watchdog need not wait for the next turn.
_OK = range(200, 300)


async def beat(settings: Heartbeat) -> str | None:
    """Calls the URL once; says what went wrong, or nothing."""
    timeout = aiohttp.ClientTimeout(total=settings.timeout_seconds)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(required(settings, "url")) as answer:
            return None if answer.status in _OK else f"status {answer.status}"
    except TimeoutError:
        return f"no answer within {settings.timeout_seconds:g} s"
    except (aiohttp.ClientError, OSError, ValueError) as error:
        return f"no proper answer ({type(error).__name__})"


async def keep_beating(
    settings: Heartbeat,
    is_well: Callable[[], Awaitable[str | None]],
    metrics: DeliveryMetrics,
    *,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> None:
    """Beats for ever while `is_well` says that nothing is wrong here; a failure is told once, and counted."""
    told: str | None = None
    while True:
        wrong_here = await is_well()
        wrong = wrong_here or await beat(settings)
        metrics.heartbeat("sent" if wrong is None else "withheld" if wrong_here else "failed")
        if wrong != told:
            log.warning("heartbeat: %s", wrong or "is sent again")
            told = wrong
        await sleep(min(settings.every_seconds, _LOOK_AGAIN_SECONDS) if wrong_here else settings.every_seconds)
