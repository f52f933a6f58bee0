"""A simulated ward with its own clock: all that goes on the log."""

from collections.abc import Iterator
from datetime import timedelta

from msgspec.structs import replace

from producers.entry import Entry
from producers.simulator.ward import Ward
from producers.ticks import with_ticks

TICK_EVERY = timedelta(seconds=5)


def simulated(ward: Ward, partitions: int, tick_every: timedelta = TICK_EVERY) -> Iterator[Entry]:
    """The ward's records with a tick to each partition every few seconds, from its beginning to its end.

    What gateways say goes to each partition as well.
    """
    told = with_ticks(
        ward, partitions, every=tick_every, origin="simulated", since=ward.start_time, until=ward.end_time
    )
    for entry in told:
        if not entry.is_for_all:
            yield entry
            continue
        for partition in range(partitions):
            yield replace(entry, partition=partition)
