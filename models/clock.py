"""The time of one partition, as its last tick told it: every part of the partition's state goes by it."""

from collections.abc import Iterator
from datetime import datetime

import msgspec
from msgspec import Struct

from models.instants import moment_of

KEY = b"partition"


class _Kept(Struct):
    """How it is kept; `clock` is the time."""

    clock: int | None = None
    ticks_ignored: int = 0
    looks_failed: int = 0


class Clock:
    """`now` is in microseconds, None before any tick; `ticks_ignored` counts ticks that were not after the last.

    It counts in `looks_failed`, too, what failed that only looks on, for want of a state of the partition's own.
    """

    def __init__(self) -> None:
        self.now: int | None = None
        self.ticks_ignored = 0
        self.looks_failed = 0
        self._is_changed = False

    @property
    def moment(self) -> datetime | None:
        """The time of the last tick."""
        return None if self.now is None else moment_of(self.now)

    def move(self, at: int) -> bool:
        """Goes on to the time of a tick; a tick that is not after the last moves nothing, and is counted."""
        self._is_changed = True
        if self.now is not None and at <= self.now:
            self.ticks_ignored += 1
            return False
        self.now = at
        return True

    def count_failed_look(self) -> None:
        """Counts what failed without costing anything else."""
        self.looks_failed += 1
        self._is_changed = True

    # --- Checkpoints -------------------------------------------------------------------------------------------------

    def changed(self) -> list[tuple[bytes, bytes]]:
        """The entry, if anything changed since the last call."""
        entries = list(self.entries()) if self._is_changed else []
        self._is_changed = False
        return entries

    def entries(self) -> Iterator[tuple[bytes, bytes]]:
        """All of it, by key."""
        yield KEY, msgspec.msgpack.encode(self._kept())

    def readable(self) -> Iterator[tuple[str, object]]:
        """All of it, by key, as plain values."""
        yield KEY.decode(), msgspec.to_builtins(self._kept())

    def restore(self, _key: bytes, value: bytes) -> None:
        """Takes the entry back; raises msgspec.MsgspecError on anything else."""
        kept = msgspec.msgpack.decode(value, type=_Kept)
        self.now, self.ticks_ignored, self.looks_failed = kept.clock, kept.ticks_ignored, kept.looks_failed

    def _kept(self) -> _Kept:
        return _Kept(self.now, self.ticks_ignored, self.looks_failed)
