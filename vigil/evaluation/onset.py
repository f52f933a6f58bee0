"""Watches worn at home, through the resting heart rate detector in the order in which their rows came."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from heapq import merge
from operator import itemgetter
from pathlib import Path

from msgspec import Struct

from models.detectors.resting_heart_rate import READY, RestingDay, RestingHeartRate
from models.evaluation.onset import Day, Figures, Person, as_raised, at_budget
from models.instants import DAY, instant_of, moment_of
from models.worn import RATE, STEPS, hear, is_believable
from producers.replay.fitbit import read_onsets, read_source
from producers.replay.fitbit.delivery import Row, delivered
from producers.replay.fitbit.source import COLUMNS, Column, Source, read_wearable, tables_in
from producers.replay.fitbit.source import Person as Wearer
from producers.replay.unreadable import UnreadableRecordingError

_CODES: dict[Column, str] = {"heartrate": RATE, "steps": STEPS}
_TOLD_EVERY = 20_000


class AlarmDay(Struct, frozen=True, kw_only=True):
    """A day on which an alarm began: the resting rate and the usual one of those hours, /min, and days from onset."""

    day: str
    from_onset: int | None
    rate: float
    usual: float
    excess: float
    evidence: float


class PersonReport(Struct, frozen=True, kw_only=True):
    """One person: the onset if known, the days that could have had an alarm, and those that had one."""

    onset: str | None
    first_day: str | None
    last_day: str | None
    days: int
    alarm_days: list[AlarmDay]


class OnsetReport(Struct, frozen=True, kw_only=True):
    """What `vigil evaluate onset` tells; `alarm_days` are those of `as_raised`, `left_out` is why by file."""

    people: int
    onsets: int
    onsets_without_a_day_judged: list[str]
    as_raised: Figures
    at_one_false_alarm_day_in_30: Figures
    alarm_days: dict[str, PersonReport]
    left_out: dict[str, str]
    skipped: dict[str, int]


class Course(Struct, frozen=True):
    """One person's days as the detector judged them, each before it knew the next."""

    user: str
    onset: int | None
    days: list[RestingDay]


def courses(source: Source, skipped: Counter[str], tell: Callable[[int], None]) -> Iterator[Course]:
    """Every person's days in turn; whoever has only one of the two tables is counted and left out."""
    rows = 0
    for person in source.people:
        absent = [column for column in COLUMNS if column not in person.tables]
        if absent:
            skipped[f"person-without-{absent[0]}"] += 1
            continue
        onset = None if person.onset is None else instant_of(person.onset) // DAY
        course = Course(person.user, onset, [])
        state = RestingHeartRate()
        for at, code, value in _values(person, skipped):
            judged = hear(state, at, code, value)
            if judged is not None:
                course.days.append(judged)
            rows += 1
            if rows % _TOLD_EVERY == 0:
                tell(rows)
        last = state.end()
        yield Course(course.user, onset, course.days if last is None else [*course.days, last])


def report(found: list[Course], source: Source, left_out: dict[str, str], skipped: Counter[str]) -> OnsetReport:
    """The figures of all people together."""
    people = [_person(course) for course in found]
    with_onset = [person for person in people if person.onset is not None]
    unjudged = [person.user for person in with_onset if not _is_judged(person)]
    return OnsetReport(
        people=len(people),
        onsets=len(with_onset),
        onsets_without_a_day_judged=unjudged,
        as_raised=as_raised(people),
        at_one_false_alarm_day_in_30=at_budget(people),
        alarm_days={course.user: _told(course) for course in found},
        left_out=left_out,
        skipped=dict(sorted((skipped + _strangers(source)).items())),
    )


def source_of(folder: Path, onsets: Path, skipped: Counter[str]) -> tuple[Source, dict[str, str]]:
    """The people of a folder, and why each file that is no table of theirs was left out.

    Each file is read twice to its end; raises UnreadableRecordingError where nobody has both tables.
    """
    if not folder.is_dir():
        raise UnreadableRecordingError(f"{folder} is no folder: give one of Fitbit's tables")
    left_out: dict[str, str] = {}
    files = [file for file in tables_in(folder) if file.resolve() != onsets.resolve()]
    for file in files:
        try:
            read_wearable(file)
        except UnreadableRecordingError as error:
            left_out[file.name] = str(error).removeprefix(f"{file} ")
    files = [file for file in files if file.name not in left_out]
    source = read_source(files or [folder], onsets, skipped)
    if not any(len(person.tables) == len(COLUMNS) for person in source.people):
        raise UnreadableRecordingError(f"{folder} has nobody with heart rates and steps: give both tables of each")
    return source, left_out


def _strangers(source: Source) -> Counter[str]:
    """Onsets of people of whom there is no table."""
    known = {person.user for person in source.people}
    users = [] if source.onsets is None else [user for user, _ in read_onsets(source.onsets)]
    return Counter("onset-of-unknown-person" for user in users if user not in known)


def _values(person: Wearer, skipped: Counter[str]) -> Iterator[tuple[int, str, float]]:
    """Rates and steps in the order in which they were received, without what nobody would believe."""
    tables = (_received(column, person, skipped) for column in COLUMNS)
    for _, column, row in merge(*tables, key=itemgetter(0)):
        code = _CODES[column]
        if not is_believable(code, row.value):
            skipped["not-plausible"] += 1
            continue
        yield instant_of(row.at), code, row.value


def _received(column: Column, person: Wearer, skipped: Counter[str]) -> Iterator[tuple[datetime, Column, Row]]:
    before: datetime | None = None
    for received, row in delivered(person.tables[column], column, skipped):
        if row.at > received:
            skipped["clock-ahead"] += 1
            continue
        if before is not None and row.at <= before:
            skipped["time-repeats" if row.at == before else "time-goes-back"] += 1
        before = row.at
        yield received, column, row


def _person(course: Course) -> Person:
    return Person(course.user, course.onset, [Day(day.at // DAY, day.evidence, day.raised) for day in _judged(course)])


def _judged(course: Course) -> list[RestingDay]:
    return [day for day in course.days if day.learned_from >= READY]


def _is_judged(person: Person) -> bool:
    return any(person.onset is not None and -7 <= day.number - person.onset <= 0 for day in person.days)


def _told(course: Course) -> PersonReport:
    days = _judged(course)
    return PersonReport(
        onset=None if course.onset is None else _date(course.onset * DAY),
        first_day=_date(days[0].at) if days else None,
        last_day=_date(days[-1].at) if days else None,
        days=len(days),
        alarm_days=[
            AlarmDay(
                day=_date(day.at),
                from_onset=None if course.onset is None else day.at // DAY - course.onset,
                rate=day.rate,
                usual=day.usual,
                excess=round(day.excess, 2),
                evidence=round(day.evidence, 2),
            )
            for day in days
            if day.raised
        ],
    )


def _date(at: int) -> str:
    return moment_of(at).astimezone(UTC).date().isoformat()
