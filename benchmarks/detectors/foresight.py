"""How often a limit that was foretold is crossed within the hour, against chance, and how long before."""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import fmean, median

from msgspec import UNSET, Struct

from models.alerting.policy import DECISIONS
from models.events import Assessment, Direction
from models.instants import DAY, HOUR, MINUTE, instant_of
from models.partition import PartitionFold
from models.picture import Patient
from models.vital_signs import SIGNS
from producers.entry import Entry
from producers.replay import physionet2012
from producers.simulator.case import Plan
from producers.simulator.simulation import simulated
from producers.simulator.ward import Ward
from producers.ticks import with_ticks

PLAYED = ("sepsis", "haemorrhage", "respiratory-failure")
_START = datetime(2026, 1, 5, 9, tzinfo=UTC)
_ONSET = timedelta(hours=1)
_LASTS = timedelta(hours=6)
_LIMITED = [sign for sign in SIGNS.values() if sign.limits is not None]
_HEADS = ("where", "patient-days", "told", "a patient-day", "came true", "as near", "any time", "minutes before")

Key = tuple[str, str, Direction]
"""A patient, a sign and a side."""


class Foresight(Struct, frozen=True, kw_only=True):
    """What forecasts were worth; shares are from 0 to 1, null where there is nothing to share.

    Only what was measured again within the hour counts. `as_near` is how often a value of the same sign, as near to
    that limit, was followed by a crossing within the hour, over what was told; `any_time` the same of all values of
    these signs within their limits. `minutes_before` is the median from the telling to the crossing.
    """

    patient_days: float
    told: int
    came_true: float | None
    as_near: float | None
    any_time: float | None
    minutes_before: float | None


class Crossing(Struct, frozen=True, kw_only=True):
    """Of one scenario and limit: how many of the cases crossed it, how many of these were foretold, how long before."""

    scenario: str
    code: str
    direction: Direction
    crossed: int
    foretold: int
    minutes_before: float | None


class Course:
    """All values of the signs that have limits, and all forecasts that began."""

    def __init__(self) -> None:
        self.values: dict[tuple[str, str], list[tuple[int, float]]] = defaultdict(list)
        self.limits: dict[Key, float] = {}
        self.told: list[tuple[Key, int, float]] = []

    def take(self, patient: Patient, assessment: Assessment) -> None:
        """Takes what a reading told of a patient."""
        for sign in _LIMITED:
            vital, seen = patient.vitals.get(sign.code), self.values[patient.id, sign.code]
            if vital is None or vital.history.value != vital.history.value:
                continue
            if not seen or vital.history.at > seen[-1][0]:
                seen.append((vital.history.at, vital.history.value))
            low, high = DECISIONS.limits_of(patient, sign)
            self.limits |= {(patient.id, sign.code, "low"): low} if low is not None else {}
            self.limits |= {(patient.id, sign.code, "high"): high} if high is not None else {}
        for each in () if assessment.forecasts is UNSET else assessment.forecasts:
            if each.state == "begun":
                self.told.append(((patient.id, each.code, each.direction), instant_of(assessment.at), each.value))

    def crossings(self, key: Key) -> list[int]:
        """When values were beyond a limit."""
        patient, code, _ = key
        return [at for at, value in self.values[patient, code] if self.is_beyond(key, value)]

    def is_beyond(self, key: Key, value: float) -> bool:
        """Whether a value is beyond the limit in force; never where there is none."""
        limit = self.limits.get(key)
        return limit is not None and (value < limit if key[2] == "low" else value > limit)


def foresight(course: Course) -> Foresight:
    """What the forecasts of a course were worth."""
    near: dict[tuple[str, Direction, float, float], Counter[bool]] = defaultdict(Counter)
    came: list[tuple[bool, tuple[str, Direction, float, float]]] = []
    before: list[float] = []
    told_of = defaultdict(list)
    for key, at, value in course.told:
        told_of[key].append((at, value))
    for key, limit in course.limits.items():
        patient, code, direction = key
        values, crossings = course.values[patient, code], course.crossings(key)
        times = [at for at, _ in values]
        for at, value in values:
            if not course.is_beyond(key, value) and _next(times, at):
                near[code, direction, limit, _place(value)][_next(crossings, at) is not None] += 1
        for at, value in told_of[key]:
            if _next(times, at):
                then = _next(crossings, at)
                came.append((then is not None, (code, direction, limit, _place(value))))
                before += [] if then is None else [(then - at) / MINUTE]
    spans = [seen[-1][0] - seen[0][0] for (_, code), seen in course.values.items() if seen and code == "8867-4"]
    signs = {place[:2] for _, place in came}
    every = sum((count for place, count in near.items() if place[:2] in signs), Counter())
    return Foresight(
        patient_days=round(sum(spans) / DAY, 1),
        told=len(came),
        came_true=_mean([float(is_true) for is_true, _ in came]),
        as_near=_mean([_share(near[place]) for _, place in came]),
        any_time=round(_share(every), 3) if came else None,
        minutes_before=round(median(before), 1) if before else None,
    )


def on_recording(data: Path, stays: int) -> Foresight:
    """The first stays of a recording of the 2012 challenge; raises UnreadableSource."""
    source = physionet2012.read_source(data, None)
    return foresight(_course(with_ticks(physionet2012.recordings(source, Counter(), stays), 1)))


def on_quiet_ward(patients: int) -> Foresight:
    """Simulated patients to whom nothing happens for a day."""
    ward = Ward(_START, patients=patients, seed=1, lasts=timedelta(days=1))
    return foresight(_course(simulated(ward, 1)))


def on_scenarios(cases: int) -> list[Crossing]:
    """Which crossings of simulated illness were foretold, and the minutes from the telling to the first one."""
    found: dict[tuple[str, str, Direction], list[float | None]] = defaultdict(list)
    for seed in range(1, cases + 1):
        plans = [Plan(scenario=name, patient_id=f"p{number}", after=_ONSET) for number, name in enumerate(PLAYED, 1)]
        ward = Ward(_START, patients=len(plans), plans=plans, seed=seed, lasts=_ONSET + _LASTS)
        course = _course(simulated(ward, 1))
        for key in course.limits:
            first = next(iter(course.crossings(key)), None)
            if first is not None:
                told = [at for each, at, _ in course.told if each == key and at <= first]
                scenario = PLAYED[int(key[0][1:]) - 1]
                found[scenario, key[1], key[2]].append((first - max(told)) / MINUTE if told else None)
    return [_crossing(scenario, code, direction, each) for (scenario, code, direction), each in sorted(found.items())]


def as_table(worth: dict[str, Foresight]) -> str:
    """A line for each, in Markdown."""
    rows = [_HEADS, tuple("---" for _ in _HEADS), *(_row(where, each) for where, each in worth.items())]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def as_crossings(found: Iterable[Crossing]) -> str:
    """A line for each limit that was crossed, in Markdown."""
    heads = ("scenario", "limit", "cases that crossed", "foretold", "minutes before")
    rows = [
        (
            each.scenario,
            f"{SIGNS[each.code].title}, {each.direction}",
            str(each.crossed),
            str(each.foretold),
            "-" if each.minutes_before is None else f"{each.minutes_before:.0f}",
        )
        for each in found
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in (heads, tuple("---" for _ in heads), *rows))


def _course(log: Iterable[Entry]) -> Course:
    fold, course = PartitionFold(0), Course()
    for offset, entry in enumerate(log):
        for output in fold.advance(entry.value, offset=offset, key=entry.key):
            if isinstance(output, Assessment) and output.reading_id and output.monitored:
                patient = fold.look_at(output.patient_id)
                if patient is not None:
                    course.take(patient, output)
    return course


def _crossing(scenario: str, code: str, direction: Direction, before: list[float | None]) -> Crossing:
    foretold = [each for each in before if each is not None]
    return Crossing(
        scenario=scenario,
        code=code,
        direction=direction,
        crossed=len(before),
        foretold=len(foretold),
        minutes_before=round(median(foretold), 1) if foretold else None,
    )


def _next(times: list[int], at: int) -> int | None:
    """The first time within the hour after an instant."""
    place = bisect_right(times, at)
    return times[place] if place < len(times) and times[place] <= at + HOUR else None


def _place(value: float) -> float:
    return round(value, 1)


def _share(counts: Counter[bool]) -> float:
    return counts[True] / max(1, counts.total())


def _mean(shares: list[float]) -> float | None:
    return round(fmean(shares), 3) if shares else None


def _row(where: str, worth: Foresight) -> tuple[str, ...]:
    told_daily = worth.told / worth.patient_days if worth.patient_days else 0.0
    shares = (worth.came_true, worth.as_near, worth.any_time)
    said = ("-" if share is None else f"{share:.1%}" for share in shares)
    before = "-" if worth.minutes_before is None else f"{worth.minutes_before:.0f}"
    return where, f"{worth.patient_days:g}", str(worth.told), f"{told_daily:.2f}", *said, before
