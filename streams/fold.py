"""What the engine asks of a fold: the domain gives it, the engine never looks inside."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Protocol

from models.events import Output


class Census(Protocol):
    """What a fold holds at this moment, for the gauges."""

    @property
    def monitored(self) -> int:
        """How many patients are monitored."""

    @property
    def never_scored(self) -> int:
        """How many of them never had a score."""

    @property
    def open_alerts(self) -> Mapping[tuple[str, str], int]:
        """How many alerts are open, by kind and priority."""

    @property
    def clock(self) -> datetime | None:
        """The time of the last tick."""


class Fold(Protocol):
    """One partition's state as a fold over its log: no clock, no chance, no error for bad data."""

    @property
    def census(self) -> Census:
        """What the fold holds now."""

    def advance(self, value: bytes, *, offset: int, key: bytes | None = None) -> list[Output]:
        """Folds one record and returns what it led to."""

    def changed(self) -> Iterable[tuple[bytes, bytes]]:
        """The checkpoint entries that changed since the last call."""

    def restore(self, key: bytes, value: bytes) -> None:
        """Loads one checkpoint entry; an unknown version or garbage is an error."""


FoldFactory = Callable[[int], Fold]
