"""A simulated ward with its own clock: all that goes on the log."""

from collections.abc import Iterator
from datetime import timedelta

from producers.entry import Entry
from producers.simulator.ward import Ward
from producers.ticks import with_ticks

TICK_EVERY = timedelta(seconds=5)


def simulated(ward: Ward, partitions: int, tick_every: timedelta = TICK_EVERY) -> Iterator[Entry]:
    """The ward's records with a tick to each partition every few seconds, from its beginning to its end."""
    return with_ticks(
        ward, partitions, every=tick_every, origin="simulated", since=ward.start_time, until=ward.end_time
    )
