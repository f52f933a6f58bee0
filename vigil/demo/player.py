"""Publishes a recording at a speed, until it is through or told to stop."""

import threading
import time
from collections import deque
from collections.abc import Iterable, Sequence
from datetime import datetime

from producers.entry import Entry
from producers.feed import Feed
from producers.pace import paced
from vigil.ledger import Ledger
from vigil.run import Run


class Player:
    """Plays entries into a run's log; `sent` counts ticks too, and may be read from another thread.

    With no speed it goes as fast as it can; a recording's `total` is known before, a ward's is not.
    """

    def __init__(self, run: Run, entries: Iterable[Entry], speed: float | None) -> None:
        self.sent = 0
        self.total = len(entries) if isinstance(entries, Sequence) else None
        self.latest: datetime | None = None
        """The time up to which the log has got everything."""
        self.ledger = Ledger()
        self._run = run
        self._entries = entries
        self._speed = speed
        self._besides: deque[Entry] = deque()
        self._stop = threading.Event()

    def stop(self) -> None:
        """Publishes no more."""
        self._stop.set()

    def publish_besides(self, entry: Entry) -> None:
        """Lets a record of somebody else's go with the next one; may be called from another thread."""
        self._besides.append(entry)

    def play(self) -> Feed:
        """Publishes all, or until stopped, and returns when the broker has confirmed it."""
        with Feed(self._run.topic("patient-events"), self._run.connection.for_kafka_python()) as feed:
            for entry in self._timed():
                if self._stop.is_set():
                    break
                self._publish(feed, entry)
                self.latest = entry.at or self.latest
                while self._besides:
                    self._publish(feed, self._besides.popleft())
        return feed

    def _timed(self) -> Iterable[Entry]:
        if self._speed is None:
            return self._entries
        return paced(self._entries, self._speed, time.monotonic, self._pause)

    def _publish(self, feed: Feed, entry: Entry) -> None:
        if feed.publish(entry):
            self.ledger.publish(entry)
        self.sent += 1

    def _pause(self, seconds: float) -> None:
        """Waits, but no longer than until it is told to stop."""
        self._stop.wait(seconds)
