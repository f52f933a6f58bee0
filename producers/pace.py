"""How fast a recording is played."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from producers.entry import Entry


def paced(
    entries: Iterable[Entry], speed: float, now: Callable[[], float], sleep: Callable[[float], None]
) -> Iterator[Entry]:
    """Lets each record go when its time has come, `speed` times as fast as it happened.

    A record that is late goes at once, and the ones after it make up for it; `now` is in seconds.
    """
    began: tuple[float, datetime] | None = None
    for entry in entries:
        if entry.at is not None:
            if began is None:
                began = now(), entry.at
            wait = began[0] + (entry.at - began[1]) / timedelta(seconds=speed) - now()
            if wait > 0:
                sleep(wait)
        yield entry
