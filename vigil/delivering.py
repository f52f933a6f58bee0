"""One deliverer: a process that gets alerts to people until it is told to stop."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import NoReturn

import click
from aiohttp import web
from aiokafka.errors import KafkaError

from consumers.delivery.channel import Channel, Surroundings
from consumers.delivery.channels import CHANNELS
from consumers.delivery.checking import Checked, check
from consumers.delivery.configuration import Configuration
from consumers.delivery.deliverer import Deliverer
from consumers.delivery.dispatcher import Dispatcher
from consumers.delivery.heartbeat import keep_beating
from consumers.delivery.journal import Journal
from consumers.delivery.metrics import DeliveryMetrics
from consumers.delivery.outbox import Outbox
from consumers.delivery.settings import DeliverySettings
from streams.health import Health
from streams.leaving import ExitCode, leave
from streams.server import PortTakenError, serve_metrics
from streams.settings import Connection
from streams.stopping import stop_signal
from streams.topics import topic_name

log = logging.getLogger(__name__)

_TOPICS = ("alerts", "deliveries", "patient-events")
_LONGEST_TURN_SECONDS = 15.0
_ASK_SECONDS = 5.0
_LAST_WRITES_SECONDS = 1.5


def run_deliverer(settings: DeliverySettings, connection: Connection, configuration: Configuration) -> NoReturn:
    """Delivers until SIGTERM or SIGINT; ends the process, because neither a receiver nor a lost broker may hold it."""
    asyncio.run(_Process(settings, connection, configuration).run())
    raise AssertionError("a deliverer ends its process")


async def check_receivers(
    connection: Connection,
    configuration: Configuration,
    *,
    tell: Callable[[Checked], None],
    echo: Callable[[str], object],
) -> None:
    """Tests each receiver, and tells what became of it as soon as it is known; `echo` is a console's."""
    async with _opened(connection, configuration, echo) as channels:
        async for checked in check(configuration, channels, datetime.now(UTC)):
            tell(checked)


@asynccontextmanager
async def _opened(
    connection: Connection, configuration: Configuration, echo: Callable[[str], object]
) -> AsyncIterator[Mapping[str, Channel]]:
    channels = _channels(connection, configuration, echo)
    try:
        yield channels
    finally:
        await asyncio.gather(*(channel.close() for channel in channels.values()), return_exceptions=True)


def _channels(
    connection: Connection, configuration: Configuration, echo: Callable[[str], object]
) -> dict[str, Channel]:
    around = Surroundings(client=connection.for_aiokafka(), echo=echo)
    return {
        name: CHANNELS[receiver.kind].open_channel(receiver, around)
        for name, receiver in configuration.receivers.items()
    }


class _Process:
    def __init__(self, settings: DeliverySettings, connection: Connection, configuration: Configuration) -> None:
        self._settings = settings
        self._connection = connection
        self._configuration = configuration
        self._metrics = DeliveryMetrics()
        self._is_stopping = False

    async def run(self) -> NoReturn:
        """Starts all, waits for the end, and ends the process."""
        stopping = stop_signal()
        self._put_together()
        try:
            await self._serve()
        except PortTakenError:
            await asyncio.gather(*(outbox.stop(0) for outbox in self._outboxes.values()))
            await self._deliverer.close()
            await self._journal.close()
            raise
        working = asyncio.create_task(self._work_or_leave())
        await asyncio.wait([stopping, working], return_when=asyncio.FIRST_COMPLETED)
        self._is_stopping = True
        try:
            async with asyncio.timeout(self._settings.stop_timeout_seconds):
                await self._stop(working)
        except (TimeoutError, asyncio.CancelledError):
            leave(ExitCode.STOPPED, "asked to stop; what is still under way is tried again by the next one")
        leave(ExitCode.STOPPED, "asked to stop")

    def _put_together(self) -> None:
        settings, configuration = self._settings, self._configuration
        client = self._connection.for_aiokafka()
        topics = {name: topic_name(settings.prefix, name) for name in _TOPICS}
        self._journal = Journal(client)
        dispatcher = Dispatcher(configuration, topics=topics, journal=self._journal, metrics=self._metrics)
        self._outboxes = {
            name: Outbox(
                configuration.receivers[name],
                channel,
                configuration.renderers[name],
                office=dispatcher,
                metrics=self._metrics,
            )
            for name, channel in _channels(self._connection, configuration, click.echo).items()
        }
        dispatcher.outboxes.update(self._outboxes)
        self._deliverer = Deliverer(
            settings,
            client,
            topics,
            dispatcher=dispatcher,
            journal=self._journal,
            metrics=self._metrics,
            settle=self._settle,
        )
        self._health = Health(self._deliverer, settings.stuck_seconds)

    async def _serve(self) -> web.AppRunner:
        settings = self._settings
        self._watch = asyncio.create_task(self._health.watch_broker())
        server, port = await serve_metrics(
            self._metrics.registry,
            is_ready=self._health.not_ready,
            is_healthy=self._not_healthy,
            host=settings.metrics_host,
            port=settings.metrics_port,
        )
        log.info("group %s, metrics at http://%s:%d/metrics", settings.group, settings.metrics_host, port)
        return server

    async def _work_or_leave(self) -> None:
        """The one boundary: what goes wrong below ends the process, and the next one takes its alerts over."""
        try:
            await self._journal.open()
            if (heartbeat := self._configuration.heartbeat) is not None:
                self._beating = asyncio.create_task(keep_beating(heartbeat, self._not_alive, self._metrics))
            await self._deliverer.run(lambda: self._is_stopping)
        except KafkaError as error:
            leave(ExitCode.FAILED, f"delivery: Kafka does not do it ({error!r})")
        except Exception as error:
            log.exception("delivery failed")
            leave(ExitCode.FAILED, f"delivery: {type(error).__name__}")

    async def _stop(self, working: asyncio.Task[None]) -> None:
        """Makes no new calls, waits for those that are out, and writes down what became of them."""
        patience = max(self._settings.stop_timeout_seconds - _LAST_WRITES_SECONDS, 0)
        await asyncio.gather(*(outbox.stop(patience) for outbox in self._outboxes.values()))
        await self._journal.written()
        await working
        await self._deliverer.close()
        await self._journal.close()

    async def _settle(self, seconds: float) -> None:
        """Lets the calls that are out come to their end and be written down, but no longer than that."""
        try:
            async with asyncio.timeout(seconds):
                await asyncio.gather(*(outbox.settle(seconds) for outbox in self._outboxes.values()))
                await self._journal.written()
        except TimeoutError:
            log.info("calls that are out may be made again by another deliverer, with the same key")

    def _not_healthy(self) -> str | None:
        """What is wrong for so long that a restart, or a person, should look at it."""
        silent = time.monotonic() - self._deliverer.turned_at
        if silent > self._settings.stuck_seconds:
            return f"no alert was looked for in {silent:.0f} s"
        return self._health.not_healthy()

    async def _not_alive(self) -> str | None:
        """Why no sign of life can be given now."""
        if (not_ready := self._health.not_ready()) is not None:
            return not_ready
        if time.monotonic() - self._deliverer.turned_at > _LONGEST_TURN_SECONDS:
            return "alerts are not read"
        try:
            async with asyncio.timeout(_ASK_SECONDS):
                return None if await self._journal.reach_broker() else "no broker answers"
        except TimeoutError:
            return "no broker answers"
