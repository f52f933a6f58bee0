"""The ward page as a process or a thread: it serves at once, waits for Kafka, and ends when it is asked to."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from consumers.api.service import bind
from consumers.ward.scenarios import ScenarioDesk
from consumers.ward.server import WardServer
from consumers.ward.settings import WardSettings
from consumers.ward.topics import WardTopics
from consumers.ward.ward import Ward

_LEAVE_SECONDS = 2.0


async def serve(
    client: Mapping[str, Any],
    topics: WardTopics,
    settings: WardSettings,
    *,
    until: Awaitable[object],
    on_start: Callable[[str], None],
    scenarios: ScenarioDesk | None = None,
) -> None:
    """Serves until what is given in as `until` is there; `on_start` is told the URL.

    Raises PortTaken, and TopicMissing where Kafka answers for the first time and a topic is not there.
    """
    stopping = asyncio.ensure_future(until)
    ward = Ward(client, topics, settings)
    server = WardServer(ward, settings, scenarios)
    runner = web.AppRunner(server.application(), access_log=None, shutdown_timeout=_LEAVE_SECONDS)
    await runner.setup()
    try:
        on_start(await bind(runner, settings, "The ward page"))
        async with ward.open() as running:
            done, _ = await asyncio.wait({stopping, *running}, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
    finally:
        stopping.cancel()
        await runner.cleanup()
