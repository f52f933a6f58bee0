"""One learner: a process that learns, or stands by while another does, until it is told to stop."""

import asyncio
import logging
from typing import NoReturn

from aiohttp import web
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError, ProducerFenced

from streams.health import Health
from streams.learner.metrics import LearnerMetrics
from streams.learner.settings import LearnerSettings
from streams.learner.study import Study, reader_of
from streams.leaving import ExitCode, UnusableError, leave
from streams.server import serve_metrics
from streams.settings import Connection
from streams.stopping import stop_signal

log = logging.getLogger(__name__)

_ASK_SECONDS = 0.2


def run_learner(settings: LearnerSettings, connection: Connection) -> NoReturn:
    """Learns until SIGTERM or SIGINT; ends the process, because a lost broker must not hold it."""
    asyncio.run(_Process(settings, connection).run())
    raise AssertionError("a learner ends its process")


class _Process:
    def __init__(self, settings: LearnerSettings, connection: Connection) -> None:
        self._settings = settings
        self._client = connection.for_aiokafka()
        self._metrics = LearnerMetrics()
        self._study: Study | None = None
        self._is_stopping = False

    @property
    def was_assigned(self) -> bool:
        """Whether the examples are this learner's, and not another's."""
        return self._study is not None

    def all(self) -> list[Study]:
        """What is learned from, if anything is."""
        return [] if self._study is None else [self._study]

    async def run(self) -> NoReturn:
        """Starts all, waits for the end, and ends the process."""
        stopping = stop_signal()
        await self._serve()
        working = asyncio.create_task(self._work_or_leave())
        await asyncio.wait([stopping, working], return_when=asyncio.FIRST_COMPLETED)
        self._is_stopping = True
        try:
            async with asyncio.timeout(self._settings.stop_timeout_seconds):
                await working
        except (TimeoutError, asyncio.CancelledError):  # A reader without its broker stops by cancelling who waits.
            leave(ExitCode.UNANSWERED, "the learner: the broker does not answer")
        leave(ExitCode.STOPPED, "asked to stop")

    async def _serve(self) -> web.AppRunner:
        settings = self._settings
        health = Health(self, settings.stuck_seconds)
        self._watch = asyncio.create_task(health.watch_broker())
        server, port = await serve_metrics(
            self._metrics.registry,
            is_ready=health.not_ready,
            is_healthy=health.not_healthy,
            host=settings.metrics_host,
            port=settings.metrics_port,
        )
        log.info("group %s, metrics at http://%s:%d/metrics", settings.group, settings.metrics_host, port)
        return server

    async def _work_or_leave(self) -> None:
        """The one boundary: what goes wrong below ends the process, and nothing more is committed."""
        try:
            await self._work()
        except UnusableError as error:
            leave(ExitCode.UNUSABLE, str(error))
        except ProducerFenced:
            leave(ExitCode.FENCED, "another learner has taken over")
        except KafkaError as error:
            leave(ExitCode.FAILED, f"the learner: Kafka does not do it ({error!r})")
        except Exception as error:
            log.exception("the learner failed")
            leave(ExitCode.FAILED, f"the learner: {error!r}")

    async def _work(self) -> None:
        """Waits for its turn, then learns until it is told to stop or the examples are another's."""
        reader = reader_of(self._settings, self._client)
        await reader.start()
        while not reader.assignment() and not self._is_stopping:  # noqa: ASYNC110 - there is nothing else to wait on
            await asyncio.sleep(_ASK_SECONDS)
        if not self._is_stopping:
            await self._learn(reader)
        await reader.stop()

    async def _learn(self, reader: AIOKafkaConsumer) -> None:
        study = self._study = Study(self._settings, self._client, self._metrics)
        await study.open()
        study.aim(reader)
        while not self._is_stopping:
            if study.source not in reader.assignment():
                leave(ExitCode.FENCED, "another learner has taken over")
            await study.learn_from(reader)
        await study.close()
