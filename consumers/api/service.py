"""The API as a process: it starts once Kafka answers, serves until it is stopped, and waits for a broker that goes."""

import asyncio
import signal
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from consumers.answers.answering import Answering
from consumers.answers.desk import Desk
from consumers.answers.follower import StandingFollower
from consumers.answers.topics import AnswerTopics
from consumers.api.server import Api, application
from consumers.api.settings import ApiSettings, Served


class PortTaken(Exception):
    """What is to be served can't be there; the message says why."""


async def serve(
    client: Mapping[str, Any], topics: AnswerTopics, settings: ApiSettings, on_start: Callable[[str], None]
) -> None:
    """Serves until SIGTERM or Ctrl-C; `on_start` is told the URL. Raises PortTaken, and KafkaError at the start."""
    async with Desk(client, topics) as desk, StandingFollower(client, topics, most=settings.most_alerts) as follower:
        api = Api(follower, Answering(client, desk), wait_seconds=settings.wait_seconds)
        runner = web.AppRunner(application(api, settings), access_log=None)
        await runner.setup()
        try:
            on_start(await bind(runner, settings))
            await _until_stopped(desk, follower)
        finally:
            await runner.cleanup()


async def bind(runner: web.AppRunner, settings: Served, what: str = "The API") -> str:
    """Takes the port and gives the URL; raises PortTaken."""
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
    except OSError as error:
        raise PortTaken(f"{what} can't be served at {settings.host}:{settings.port} ({error.strerror})") from error
    host, port = runner.addresses[0][:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def _until_stopped(desk: Desk, follower: StandingFollower) -> None:
    """Returns when it is asked to stop; what fails in the background ends it as well."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    stopping = asyncio.create_task(stop.wait(), name="stopping")
    done, _ = await asyncio.wait({stopping, desk.listening, follower.following}, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        task.result()
