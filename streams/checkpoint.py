"""When to write a checkpoint, and the marker that says which input it covers."""

import time
from collections.abc import Callable, Iterable
from typing import Literal

import msgspec

from streams.leaving import UnusableError
from streams.outgoing import Outgoing
from streams.settings import WorkerSettings

MARKER_KEY = b"\x00checkpoint"
FORMAT: Literal[1] = 1


class Marker(msgspec.Struct, frozen=True, kw_only=True):
    """The entry that ends each checkpoint: all entries up to it are the state before the record at `offset`."""

    partition: int
    offset: int
    v: Literal[1] = FORMAT


def encode_checkpoint(
    entries: Iterable[tuple[bytes, bytes | None]], marker: Marker, *, topic: str = "checkpoints"
) -> list[Outgoing]:
    """The records of one checkpoint, only ever written in one transaction; None takes the entry of a key away."""
    records = [Outgoing(topic, key, value) for key, value in entries]
    records.append(Outgoing(topic, MARKER_KEY, msgspec.json.encode(marker)))
    return records


def decode_marker(value: bytes, partition: int) -> Marker:
    """The marker of this partition's checkpoint; one of another format or partition is not guessed at."""
    try:
        marker = msgspec.json.decode(value, type=Marker)
    except msgspec.DecodeError as error:
        raise UnusableError(
            f"the checkpoint of partition {partition} has a format that this version does not know ({error}): "
            "run the version that wrote it, or start afresh with another prefix"
        ) from error
    if marker.partition != partition:
        raise UnusableError(f"the checkpoint of partition {partition} was written for partition {marker.partition}")
    return marker


class Schedule:
    """Says when the next checkpoint is due: by age, by records or by bytes of input since the last one."""

    def __init__(self, settings: WorkerSettings, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._clock = clock
        self.written()

    def folded(self, records: int, size: int) -> None:
        """Counts input that no checkpoint covers yet."""
        self._records += records
        self._bytes += size

    def written(self) -> None:
        """Starts again from a checkpoint just written or restored."""
        self._records = 0
        self._bytes = 0
        self._at = self._clock()

    @property
    def is_behind(self) -> bool:
        """Whether any input is not covered."""
        return self._records > 0

    @property
    def is_due(self) -> bool:
        """Whether enough input is not covered, or some for long enough."""
        return self.is_behind and (
            self._records >= self._settings.checkpoint_records
            or self._bytes >= self._settings.checkpoint_bytes
            or self._clock() - self._at >= self._settings.checkpoint_seconds
        )

    @property
    def age_seconds(self) -> float:
        """How old the last checkpoint is, or 0 when it covers everything."""
        return self._clock() - self._at if self.is_behind else 0.0
