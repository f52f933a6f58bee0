"""Where the records of a log without places go: each to a partition, with the next offset there."""

from collections.abc import Iterator

from models.partitioning import partition_of
from producers.replay.exported import Placed
from producers.replay.sketch import Sketch


class Placement:
    """Gives records their places; a record that has one keeps it, and the next one there comes after it."""

    def __init__(self, partitions: int) -> None:
        self._next_offset = [0] * partitions

    def keep(self, placed: Placed) -> Placed:
        """Takes note of a record that says where it stood; raises PartitionsError."""
        if placed.partition >= len(self._next_offset):
            raise PartitionsError(placed.partition, len(self._next_offset))
        self._next_offset[placed.partition] = placed.offset + 1
        return placed

    def places(self, record: bytes, envelope: Sketch | None) -> Iterator[Placed]:
        """Where a record without a place goes: to its patient's partition or to all; what names nobody goes to 0."""
        partitions = len(self._next_offset)
        if envelope is not None and envelope.is_for_all:
            chosen = list(range(partitions))
        elif envelope is not None and envelope.subject:
            chosen = [partition_of(envelope.subject, partitions)]
        else:
            chosen = [0]
        for partition in chosen:
            yield self.keep(Placed(partition, self._next_offset[partition], None, record))

    def next_at(self, partition: int, key: bytes | None, value: bytes) -> Placed:
        """A record that names its partition alone."""
        return self.keep(Placed(partition, self._next_offset[partition], key, value))


class PartitionsError(Exception):
    """The log has more partitions than were asked for."""

    def __init__(self, found: int, partitions: int) -> None:
        super().__init__(
            f"a record is of partition {found}, but --partitions is {partitions}: give at least {found + 1}."
        )
