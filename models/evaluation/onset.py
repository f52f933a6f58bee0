"""Alarm days before the onset of an illness: how many onsets had one, at which cost, and what chance would give.

A day of alarm is one on which an alarm begins; while it goes on, and for a week, the same person has no other. A false
one is outside [-7, +21] days of the person's onset (any day of somebody without an onset). Days too early to raise an
alarm count for nothing.
"""

from collections.abc import Sequence
from itertools import groupby
from operator import and_, itemgetter

from msgspec import Struct

from models.evaluation.proportion import Share, share_of

BEFORE = (-7, 0)
AROUND = (-7, 7)
ILL = (-7, 21)
BUDGET = 1 / 30
QUIET_DAYS = 7


class Day(Struct, frozen=True):
    """One day that could have had an alarm: its number since 1970, its evidence, whether an alarm began on it."""

    number: int
    evidence: float
    raised: bool


class Person(Struct, frozen=True):
    """One person's days in order, and the day of the onset if there was one."""

    user: str
    onset: int | None
    days: Sequence[Day]


class Figures(Struct, frozen=True, kw_only=True):
    """What alarms were worth: shares of the onsets of people with a day judged in [-7, 0], and what they cost."""

    false_alarm_days: int
    days_outside: int
    false_alarm_rate: float | None
    before: Share
    around: Share
    chance_before: float | None
    chance_around: float | None
    threshold: float | None = None


def as_raised(people: Sequence[Person]) -> Figures:
    """The figures of the alarms as they were raised in the stream, each before what came after it was known."""
    return _figures(people, [[day.raised for day in person.days] for person in people])


def at_budget(people: Sequence[Person]) -> Figures:
    """The figures at the lowest one threshold for all at which false alarm days are at most 1 in 30 of those outside.

    It is read off the days that it is judged on, as a point of a ROC curve is; the stream can't know it beforehand.
    """
    outside = [[not _is_within(person, day, ILL) for day in person.days] for person in people]
    most, lowest, counts = BUDGET * sum(map(sum, outside)), float("inf"), [0] * len(people)
    found = sorted(((day.evidence, at) for at, person in enumerate(people) for day in person.days), reverse=True)
    for threshold, rows in groupby(found, key=itemgetter(0)):
        for at in sorted({at for _, at in rows}):
            begun = _crossings(people[at].days, threshold)
            counts[at] = sum(map(and_, begun, outside[at]))
        if sum(counts) > most:
            break
        lowest = threshold
    return at_threshold(people, lowest)


def at_threshold(people: Sequence[Person], threshold: float) -> Figures:
    """The figures with one threshold for all: an alarm begins at or above it, if none began in the week before."""
    found = _figures(people, [_crossings(person.days, threshold) for person in people])
    return Figures(
        **{name: getattr(found, name) for name in found.__struct_fields__ if name != "threshold"},
        threshold=round(threshold, 4) if threshold != float("inf") else None,
    )


def _crossings(days: Sequence[Day], threshold: float) -> list[bool]:
    raised, quiet_until = [], -(2**62)
    for day in days:
        begins = day.evidence >= threshold and day.number >= quiet_until
        raised.append(begins)
        quiet_until = day.number + QUIET_DAYS + 1 if begins else quiet_until
    return raised


def _figures(people: Sequence[Person], raised: Sequence[Sequence[bool]]) -> Figures:
    outside = _outside(people, raised)
    false, days = sum(map(sum, outside)), sum(map(len, outside))
    asked = [at for at, person in enumerate(people) if any(_is_within(person, day, BEFORE) for day in person.days)]
    rows = [(people[at], raised[at]) for at in asked]
    return Figures(
        false_alarm_days=false,
        days_outside=days,
        false_alarm_rate=round(false / days, 4) if days else None,
        before=share_of(sum(_has_alarm(*row, BEFORE) for row in rows), len(rows)),
        around=share_of(sum(_has_alarm(*row, AROUND) for row in rows), len(rows)),
        chance_before=_chance([outside[at] for at in asked], BEFORE),
        chance_around=_chance([outside[at] for at in asked], AROUND),
    )


def _outside(people: Sequence[Person], raised: Sequence[Sequence[bool]]) -> list[list[bool]]:
    """Of each person's days that are far from an onset: whether an alarm began on it."""
    return [
        [alarm for day, alarm in zip(person.days, alarms, strict=True) if not _is_within(person, day, ILL)]
        for person, alarms in zip(people, raised, strict=True)
    ]


def _chance(outside: Sequence[Sequence[bool]], window: tuple[int, int]) -> float | None:
    """Share of windows, laid at each of a person's days outside and going round at the end, that hold an alarm.

    The mean over people: an onset on a day drawn at random would be told by so many.
    """
    length = window[1] - window[0] + 1
    shares = [
        sum(any(alarms[(start + step) % len(alarms)] for step in range(length)) for start in range(len(alarms)))
        / len(alarms)
        for alarms in outside
        if alarms
    ]
    return round(sum(shares) / len(shares), 4) if shares else None


def _has_alarm(person: Person, raised: Sequence[bool], window: tuple[int, int]) -> bool:
    return any(alarm and _is_within(person, day, window) for day, alarm in zip(person.days, raised, strict=True))


def _is_within(person: Person, day: Day, window: tuple[int, int]) -> bool:
    return person.onset is not None and window[0] <= day.number - person.onset <= window[1]
