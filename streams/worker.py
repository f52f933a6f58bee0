"""One worker: a process that holds partitions until it is told to stop."""

import asyncio
import logging
from typing import NoReturn

from aiohttp import web
from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from streams.app import VigilApp, build_app
from streams.fold import FoldFactory
from streams.garbage import collect_seldom
from streams.health import Health
from streams.held import HeldPartitions
from streams.leaving import ExitCode, leave
from streams.metrics import Metrics
from streams.partition import Surroundings
from streams.server import serve_metrics
from streams.settings import Connection, WorkerSettings
from streams.stopping import stop_signal

log = logging.getLogger(__name__)


def run_worker(settings: WorkerSettings, connection: Connection, fold: FoldFactory) -> NoReturn:
    """Works until SIGTERM or SIGINT; ends the process, because neither Faust's thread nor a lost broker may hold it."""
    collect_seldom()
    asyncio.run(_Worker(settings, connection, fold).run())
    raise AssertionError("a worker ends its process")


class _Worker:
    def __init__(self, settings: WorkerSettings, connection: Connection, fold: FoldFactory) -> None:
        self._settings = settings
        self._metrics = Metrics()
        around = Surroundings(
            settings=settings,
            client=connection.for_aiokafka(),
            fold=fold,
            metrics=self._metrics,
            leave=leave,
            end_of_log=self._end_of_log,
        )
        self._around = around
        self._held = HeldPartitions(around)
        self._app: VigilApp | None = None

    async def run(self) -> NoReturn:
        """Starts all, waits for the end, and ends the process."""
        stopping = stop_signal()
        server = await self._serve()
        self._app = build_app(self._around, self._held)
        try:
            await self._app.start()
        except KafkaError as error:
            leave(ExitCode.FAILED, f"no broker answers ({error})")
        crashed = asyncio.ensure_future(self._app.wait_until_stopped())
        await asyncio.wait([stopping, crashed], return_when=asyncio.FIRST_COMPLETED)
        if not stopping.done():
            leave(ExitCode.FAILED, f"Faust stopped: {self._app.crash_reason!r}")
        await self._stop(self._app, server)
        leave(ExitCode.STOPPED, "asked to stop")

    async def _serve(self) -> web.AppRunner:
        settings = self._settings
        health = Health(self._held, settings.stuck_seconds)
        self._watch = asyncio.create_task(health.watch_broker())
        self._metrics.serve(self._held.all)
        server, port = await serve_metrics(
            self._metrics.registry,
            is_ready=health.not_ready,
            is_healthy=health.not_healthy,
            host=settings.metrics_host,
            port=settings.metrics_port,
        )
        log.info("group %s, metrics at http://%s:%d/metrics", settings.group, settings.metrics_host, port)
        return server

    async def _stop(self, app: VigilApp, server: web.AppRunner) -> None:
        """Hands the partitions over; what takes too long after that is left undone, for nothing depends on it."""
        await self._held.close()
        try:
            async with asyncio.timeout(self._settings.stop_timeout_seconds):
                await app.stop()
                await server.cleanup()
        except TimeoutError:
            log.warning("the group was not left in time: its partitions move when the session times out")

    def _end_of_log(self, source: TopicPartition) -> int | None:
        end: int | None = self._app.consumer.highwater(source) if self._app is not None else None
        return end
