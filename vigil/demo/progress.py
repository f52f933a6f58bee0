"""How far the workers are, asked of Kafka every now and then in a thread of its own."""

import threading
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from kafka.errors import KafkaError

from vigil.processing import Committed
from vigil.run import Run

_EVERY_SECONDS = 0.5


class Progress:
    """What the workers have committed of a run's log; `moved_at` is when that last changed, by the monotonic clock."""

    def __init__(self, run: Run) -> None:
        self.moved_at = time.monotonic()
        self._run = run
        self._offsets: Mapping[int, int] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="progress", daemon=True)

    @property
    def processed(self) -> int:
        """Records done, ticks included: the log of a run begins at 0 and has no gaps."""
        return sum(self._offsets.values())

    def offsets(self) -> Mapping[int, int]:
        """The offset of the next record to be done, by partition, as last heard."""
        return self._offsets

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop.set()
        self._thread.join(timeout=5)

    def _follow(self) -> None:
        while not self._stop.is_set():
            try:
                self._ask()
            except KafkaError:  # A broker that is away for a moment is a standstill, which shows.
                self._stop.wait(_EVERY_SECONDS)

    def _ask(self) -> None:
        run = self._run
        with Committed(run.connection.for_kafka_python(), run.group, run.topic("patient-events")) as committed:
            while not self._stop.wait(_EVERY_SECONDS):
                offsets = committed.offsets()
                if offsets != self._offsets:
                    self._offsets, self.moved_at = offsets, time.monotonic()
