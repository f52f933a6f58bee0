"""A test to each receiver, clearly marked as one."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from consumers.delivery.channel import Channel, DeliveryFailed
from consumers.delivery.configuration import Configuration
from consumers.delivery.heartbeat import beat
from consumers.delivery.rendering import BadTemplate
from consumers.delivery.sample import sample


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What became of one test."""

    receiver: str
    kind: str
    is_ok: bool
    told: str


async def check(configuration: Configuration, channels: Mapping[str, Channel], now: datetime) -> AsyncIterator[Checked]:
    """Tests every receiver once, without trying again, side by side; then the heartbeat, if there is one."""
    tests = [_test(configuration, name, channel, now) for name, channel in channels.items()]
    for test in asyncio.as_completed(tests):
        yield await test
    if configuration.heartbeat is not None:
        wrong = await beat(configuration.heartbeat)
        yield Checked(receiver="heartbeat", kind="heartbeat", is_ok=wrong is None, told=wrong or "answered")


async def _test(configuration: Configuration, name: str, channel: Channel, now: datetime) -> Checked:
    settings = configuration.receivers[name]

    def told(is_ok: bool, words: str) -> Checked:
        return Checked(receiver=name, kind=settings.kind, is_ok=is_ok, told=words)

    try:
        message = configuration.renderers[name].message(sample(name, now), now, is_test=True)
        async with asyncio.timeout(settings.timeout_seconds):
            await channel.send(message)
    except TimeoutError:
        return told(False, f"no answer within {settings.timeout_seconds:g} s")
    except (DeliveryFailed, BadTemplate) as error:
        return told(False, str(error))
    except Exception as error:  # noqa: BLE001 - one channel may fail in any way; the others are to be tested
        return told(False, f"the channel failed ({type(error).__name__})")
    return told(True, "taken")
