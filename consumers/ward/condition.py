"""How the page itself does: whether what it shows can be taken for now, and what everybody must know."""

import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from consumers.board.pace import Pace
from consumers.ward.book import Book
from consumers.ward.past import Past
from consumers.ward.views.ward import State, Trouble

KAFKA_SECONDS = 4.0
"""So long Kafka may owe an answer."""
PATIENCE_SECONDS = 8.0
"""So long nothing may come, or no worker get on."""
_SKEW_SECONDS = 5.0
_TICKS = 30
PARKED_SECONDS = 600.0
"""So long a record that the workers could not use is told of."""
_MOST_PARKED = 1_000


class Condition:
    """Is told what the follower hears and what Kafka answers, and says how the page does.

    `clock` never goes back; `wall` is the time of day in seconds since 1970.
    """

    def __init__(
        self,
        book: Book,
        past: Past,
        *,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
    ) -> None:
        self.read_back = 0.0
        self.unreadable = 0
        self.dead_letters = 0
        self._book = book
        self._past = past
        self._clock = clock
        self._wall = wall
        self._answered_at: float | None = None
        self._heard_at = self._moved_at = clock()
        self._lag: int | None = None
        self._committed: Mapping[int, int] = {}
        self._ahead: deque[float] = deque(maxlen=_TICKS)
        self._pace = Pace()
        self._parked: deque[float] = deque(maxlen=_MOST_PARKED)

    # --- What it is told ---------------------------------------------------------------------------------------------

    def hear(self) -> None:
        """Something came, whatever it was."""
        self._heard_at = self._clock()

    def hear_tick(self, at: datetime) -> None:
        """The clock of the log said a time, just now."""
        self._ahead.append(at.timestamp() - self._wall())

    def park(self) -> None:
        """The workers could not use a record."""
        self.dead_letters += 1
        if self.has_read_back:
            self._parked.append(self._clock())

    def answer(self) -> None:
        """Kafka answered."""
        if not self.has_kafka:
            self._heard_at = self._moved_at = self._clock()
        self._answered_at = self._clock()

    def progress(self, committed: Mapping[int, int], ends: Mapping[int, int]) -> None:
        """How far the workers are in the log, and where it ends, by partition."""
        lag = sum(max(0, end - committed.get(partition, 0)) for partition, end in ends.items())
        if committed != self._committed or not lag:
            self._moved_at = self._clock()
        self._committed, self._lag = dict(committed), lag

    def lose_progress(self) -> None:
        """Kafka does not tell how far the workers are."""
        self._lag = None

    # --- What it says ------------------------------------------------------------------------------------------------

    @property
    def has_kafka(self) -> bool:
        """Whether Kafka answers."""
        return self._answered_at is not None and self._clock() - self._answered_at <= KAFKA_SECONDS

    @property
    def has_read_back(self) -> bool:
        """Whether the past is read."""
        return self.read_back >= 1

    def state(self) -> State:
        """How the page does at this moment."""
        book, oldest = self._book, self._past.oldest
        self._pace.take(self._clock(), book.readings)
        return State(
            now=None if book.now is None else book.now.timestamp(),
            clock=self._wall(),
            history_from=None if oldest is None else oldest.timestamp(),
            read_back=self.read_back,
            readings_per_second=self._pace.per_second if self.has_read_back else 0.0,
            lag=self._lag,
            patients=book.roster.shown,
            dead_letters=self.dead_letters,
            troubles=list(self._troubles()),
        )

    def _troubles(self) -> Iterator[Trouble]:
        now = self._clock()
        if not self.has_kafka:
            since = None if self._answered_at is None else now - self._answered_at
            yield Trouble(kind="kafka", covers=True, seconds=since)
        elif not self.has_read_back:
            yield Trouble(kind="reading-back", covers=True)
        elif now - self._heard_at > PATIENCE_SECONDS:
            # A replay or a simulation that is over may be looked at: it never was of now.
            yield Trouble(kind="silent", covers=self._book.origin == "live", seconds=now - self._heard_at)
        elif self._lag and now - self._moved_at > PATIENCE_SECONDS:
            yield Trouble(kind="workers", covers=True, seconds=now - self._moved_at, count=self._lag)
        ahead = self._seconds_ahead()
        if ahead is not None and abs(ahead) > _SKEW_SECONDS:
            yield Trouble(kind="skew", covers=False, seconds=ahead)
        if parked := sum(now - at <= PARKED_SECONDS for at in self._parked):
            yield Trouble(kind="parked", covers=False, count=parked)
        if self.unreadable:
            yield Trouble(kind="unreadable", covers=False, count=self.unreadable)
        if self._book.roster.left_out:
            yield Trouble(kind="overfull", covers=False, count=len(self._book.roster.left_out))

    def _seconds_ahead(self) -> float | None:
        """How far the log's clock is ahead of this one: a tick comes late, never early, so the greatest counts."""
        return max(self._ahead, default=None) if self.has_kafka else None
