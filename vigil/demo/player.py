"""Publishes a recording at a speed, until it is through or told to stop."""

import threading
import time
from collections.abc import Sequence

from producers.entry import Entry
from producers.feed import Feed
from producers.pace import paced
from vigil.ledger import Ledger
from vigil.run import Run


class Player:
    """Plays entries into a run's log; `sent` counts ticks too, and may be read from another thread."""

    def __init__(self, run: Run, entries: Sequence[Entry], speed: float) -> None:
        self.sent = 0
        self.total = len(entries)
        self.ledger = Ledger()
        self._run = run
        self._entries = entries
        self._speed = speed
        self._stop = threading.Event()

    def stop(self) -> None:
        """Publishes no more."""
        self._stop.set()

    def play(self) -> Feed:
        """Publishes all, or until stopped, and returns when the broker has confirmed it."""
        with Feed(self._run.topic("patient-events"), self._run.connection.for_kafka_python()) as feed:
            for entry in paced(self._entries, self._speed, time.monotonic, self._pause):
                if self._stop.is_set():
                    break
                if feed.publish(entry):
                    self.ledger.publish(entry)
                self.sent += 1
        return feed

    def _pause(self, seconds: float) -> None:
        """Waits, but no longer than until it is told to stop."""
        self._stop.wait(seconds)
