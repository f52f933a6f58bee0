"""What the engine asks of a fold: the domain gives it, the engine never looks inside."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Protocol

from models.arrival import Arrival
from models.events import ModelName, Output


class Census(Protocol):
    """What a fold holds at this moment, for the gauges; a ward is None where nobody told it."""

    @property
    def monitored(self) -> Mapping[str | None, int]:
        """How many patients are monitored, by ward."""

    @property
    def never_scored(self) -> Mapping[str | None, int]:
        """How many of them never had a score, by ward."""

    @property
    def without_risk(self) -> Mapping[tuple[str | None, str], int]:
        """Of how many of them the learned risk foretells nothing, by ward and reason."""

    @property
    def open_alerts(self) -> Mapping[tuple[str, str, str | None], int]:
        """How many alerts are open, by kind, priority and ward."""

    @property
    def oldest_unanswered(self) -> Mapping[str | None, datetime]:
        """Since when the oldest high alert holds that nobody has answered, by ward; none where all are answered."""

    @property
    def clock(self) -> datetime | None:
        """The time of the last tick."""

    @property
    def gateways_heard(self) -> Mapping[str, datetime]:
        """When each gateway that ever sent a heartbeat sent its last."""

    @property
    def examples_dropped(self) -> Mapping[str, int]:
        """How many examples for the learner got no label, by reason."""

    @property
    def risk_faults(self) -> int:
        """How often the learned risk failed and was left out."""

    @property
    def looks_failed(self) -> int:
        """How many looks of the detectors that raise no alert failed."""

    @property
    def model_versions(self) -> Mapping[ModelName, int]:
        """The version in force of each learned model that has one."""


class Restorable(Protocol):
    """A state that comes back from its checkpoint and the records after it."""

    def advance(self, value: bytes, *, offset: int, key: bytes | None = None) -> object:
        """Folds one record."""

    def restore(self, key: bytes, value: bytes) -> None:
        """Loads one checkpoint entry; an unknown version or garbage is an error."""


class Fold(Protocol):
    """One partition's state as a fold over its log: no clock, no chance, no error for bad data."""

    @property
    def census(self) -> Census:
        """What the fold holds now."""

    @property
    def clock(self) -> datetime | None:
        """The time of the last tick, without the cost of a census."""

    @property
    def arrival(self) -> Arrival | None:
        """What came of the record that was folded last, if it was a reading."""

    def advance(self, value: bytes, *, offset: int, key: bytes | None = None) -> list[Output]:
        """Folds one record and returns what it led to."""

    def changed(self) -> Iterable[tuple[bytes, bytes]]:
        """The checkpoint entries that changed since the last call."""

    def restore(self, key: bytes, value: bytes) -> None:
        """Loads one checkpoint entry; an unknown version or garbage is an error."""


FoldFactory = Callable[[int], Fold]
