"""What came of a patient after each look: examples that wait until their label is known, or can't be any more."""

import struct
from collections.abc import Mapping
from typing import Literal
from zlib import crc32

import msgspec
from msgspec import Struct, field

from models.events import ExampleReason, Origin, OutcomeKind, Sex
from models.instants import HOUR, MINUTE
from models.risk.features import LAYOUT, VALUES, Known, Values, named

HORIZON = 6 * HOUR
EVERY = HOUR
HIGH_POINTS = 7

Dropped = Literal["left", "unseen", "at-once", "fault", "never-asked"]
"""Why an example has no label: monitoring ended; nobody measured again; what it should foretell was there already; the
look at it failed. Or why a whole stay is none: it ended before anybody was asked about it, or nothing was measured."""

_LATEST_ON_TIME = MINUTE  # A value may come so late and still count as on time, so a label waits for it.
_BAD: dict[OutcomeKind, ExampleReason] = {"death": "death", "deterioration": "deterioration"}
_LAYOUT_SUM = crc32(",".join(VALUES).encode())
_HEAD = struct.Struct("<IQ")  # of which layout, and which of up to 64 groups are known


class Waiting(Struct, array_like=True):
    """One example whose label is not known yet: when it was opened, its score and features, and if seen since."""

    at: int
    known_points: int
    packed: bytes
    origin: Origin
    is_seen: bool = False
    sex: Sex | None = None
    ward: str | None = None

    @property
    def due(self) -> int:
        """When nothing can happen any more that would count."""
        return self.at + HORIZON + _LATEST_ON_TIME


class Labelled(Struct, frozen=True):
    """An example and what came of the patient: `reason` says what happened, or that nothing did."""

    example: Waiting
    reason: ExampleReason
    known_at: int


class Verdicts(Struct):
    """What became of waiting examples at one event."""

    labelled: list[Labelled] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)


class Course(Struct, array_like=True):
    """One patient's examples that wait, the oldest first; at most one an hour, so at most seven."""

    opened_at: int | None = None
    waiting: list[Waiting] = field(default_factory=list)

    def may_open(self, at: int) -> bool:
        """Whether the last example is long enough ago."""
        return self.opened_at is None or at >= self.opened_at + EVERY

    def open(
        self,
        at: int,
        known_points: int,
        known: Mapping[int, Values],
        origin: Origin,
        *,
        sex: Sex | None = None,
        ward: str | None = None,
    ) -> Waiting:
        """Begins to wait for what comes of the patient."""
        example = Waiting(at, known_points, pack(known), origin, sex=sex, ward=ward)
        self.opened_at = at
        self.waiting.append(example)
        return example

    def see(self, at: int) -> bool:
        """Notes that the patient was measured again; whether that is news."""
        if not self.waiting or self.waiting[-1].is_seen or at <= self.waiting[-1].at:
            return False
        for example in self.waiting:
            example.is_seen = True
        return True

    def turn_bad(self, at: int, reason: ExampleReason) -> Verdicts:
        """What had been foretold, or not, has happened at that time."""
        verdicts, later = Verdicts(), []
        for example in self.waiting:
            if example.at < at <= example.at + HORIZON:
                verdicts.labelled.append(Labelled(example, reason, at))
            elif example.at == at:
                verdicts.dropped.append("at-once")
            else:
                later.append(example)
        self.waiting = later
        return verdicts

    def pass_time(self, now: int) -> Verdicts:
        """Labels, or drops, what can't turn bad any more."""
        verdicts = Verdicts()
        while self.waiting and self.waiting[0].due <= now:
            example = self.waiting.pop(0)
            if example.is_seen:
                verdicts.labelled.append(Labelled(example, "nothing", example.at + HORIZON))
            else:
                verdicts.dropped.append("unseen")
        return verdicts

    def end(self, at: int, kind: OutcomeKind) -> Verdicts:
        """What an outcome decides; whoever left before the horizon is of no use as an example."""
        verdicts = self.turn_bad(at, _BAD[kind]) if kind in _BAD else Verdicts()
        if kind != "deterioration":
            past = self.pass_time(at + _LATEST_ON_TIME)
            verdicts.labelled += past.labelled
            verdicts.dropped += past.dropped
            verdicts.dropped += ["left"] * len(self.waiting)
            self.waiting = []
        return verdicts


def pack(known: Mapping[int, Values]) -> bytes:
    """Which layout, one bit for each group that is known, then their features in 4 bytes each; all little-endian."""
    groups, flat = 0, list[float]()
    for at in sorted(known):
        groups |= 1 << at
        flat += known[at]
    return _HEAD.pack(_LAYOUT_SUM, groups) + struct.pack(f"<{len(flat)}f", *flat)


def unpack(packed: bytes) -> Known:
    """Features of such bytes; raises msgspec.ValidationError when they are of another layout."""
    known, start = Known(), _HEAD.size
    try:
        layout, groups = _HEAD.unpack_from(packed)
        for at, (_, fields) in enumerate(LAYOUT):
            if groups >> at & 1:
                known[at] = struct.unpack_from(f"<{len(fields)}f", packed, start)
                start += 4 * len(fields)
    except struct.error as error:
        raise msgspec.ValidationError(f"features that end too early: {error}") from error
    if layout != _LAYOUT_SUM or groups >> len(LAYOUT) or start != len(packed):
        raise msgspec.ValidationError("features of another layout")
    return known


def readable_course(course: Course) -> object:
    """A patient's examples as plain values, features by name."""
    return {
        "opened_at": course.opened_at,
        "waiting": [
            {
                "at": each.at,
                "known_points": each.known_points,
                "is_seen": each.is_seen,
                "features": named(unpack(each.packed)),
            }
            for each in course.waiting
        ],
    }
