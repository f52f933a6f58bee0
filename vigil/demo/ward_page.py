"""The ward page of a demo, in a thread beside what plays."""

import asyncio
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from types import TracebackType
from typing import Any, Self

from consumers.api.service import PortTaken
from consumers.ward.follower import TopicMissing
from consumers.ward.scenarios import ScenarioDesk
from consumers.ward.service import serve
from consumers.ward.settings import WardSettings
from vigil.broker.ports import NoPortFree, free_from
from vigil.errors import CommandFailed
from vigil.run import Run
from vigil.settings import load
from vigil.ward_topics import ward_topics


class WardPage:
    """The page of a run, served while this is open, on the usual port or the next that is free."""

    def __init__(self, run: Run, scenarios: ScenarioDesk | None) -> None:
        self._run = run
        self._scenarios = scenarios
        self._url: Future[str] = Future()
        self._stop = asyncio.Event()
        self._loop = asyncio.new_event_loop()
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ward-page")
        self._serving: Future[None] | None = None

    @property
    def told(self) -> str:
        """Where to look at it, or why it can't be looked at."""
        if self._serving is not None and self._serving.done():
            return f"has failed ({self._serving.exception()!r})"
        return self._url.result()

    def _serve(self) -> None:
        usual = load(WardSettings, prefix=self._run.prefix)
        serving = serve(
            self._run.connection.for_aiokafka(),
            ward_topics(self._run.prefix),
            usual.model_copy(update={"port": free_from(usual.port)}),
            until=self._stop.wait(),
            on_start=self._url.set_result,
            scenarios=self._scenarios,
        )
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(serving)

    def __enter__(self) -> Self:
        serving = self._serving = self._pool.submit(self._serve)
        awaited: list[Future[Any]] = [self._url, serving]
        wait(awaited, return_when=FIRST_COMPLETED)
        if serving.done():
            try:
                serving.result()
            except (NoPortFree, PortTaken, TopicMissing) as error:
                raise CommandFailed(f"{error}.") from error
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._serving is not None and not self._serving.done():
            self._loop.call_soon_threadsafe(self._stop.set)
        self._pool.shutdown()
