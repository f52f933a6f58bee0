"""People who were put under stress while a wrist band told their heart and respiratory rate, through the detector."""

from collections import Counter
from pathlib import Path
from typing import NamedTuple

import numpy as np
from msgspec import Struct

from models.detectors.arousal import Arousal
from models.evaluation.stress import Floats, Mean, Person, Weighing, mean_over, within_person
from models.instants import SECOND
from models.vital_signs import SIGNS
from producers.replay.table import Table, open_table
from producers.replay.unreadable import UnreadableRecordingError

_COLUMNS = ("Participant", "Time(sec)", "HR", "respr", "Label")
_RATES = {"heart_rate": (SIGNS["8867-4"], 2.0), "respiratory_rate": (SIGNS["9279-1"], 0.5)}
_LEARNED_EVERY = 60
_CERTAINTY = 100.0

SCORES = {
    "arousal": "arousal by heart rate",
    "arousal_with_respiratory_rate": "arousal by both, weights learned from those before",
    "heart_rate": "heart rate as it is",
    "respiratory_rate": "respiratory rate as it is",
    "time_since_begin": "how long ago the recording began",
}
"""Each score that is judged, as a person reads it; the last shows what the order of the tasks alone would tell."""


class StressReport(Struct, frozen=True, kw_only=True):
    """What `vigil evaluate stress` tells: AUROC of stress against rest within each person, and its mean."""

    people: int
    seconds: int
    seconds_of_stress: int
    mean_auroc: dict[str, Mean]
    auroc: dict[str, dict[str, float]]
    one_class_only: list[str]
    skipped: dict[str, int]


class _Second(NamedTuple):
    at: int
    values: tuple[float, ...]
    stressed: bool


def read_stress(path: Path) -> Table:
    """The one table; raises UnreadableRecordingError."""
    table = open_table(path, _COLUMNS)
    if len(table.first) != len(table.columns):
        raise UnreadableRecordingError(f"{path} has no rows: give the file as it was fetched")
    return table


def evaluate_stress(table: Table) -> StressReport:
    """Judges every person in the order in which their recordings ended; raises UnreadableRecordingError."""
    skipped: Counter[str] = Counter()
    by_person = _by_person(table, skipped)
    people, one_class = _scored(by_person), []
    auroc: dict[str, dict[str, float]] = {}
    for person in people:
        if person.stressed.all() or not person.stressed.any():
            one_class.append(person.user)
        else:
            auroc[person.user] = {name: round(value, 4) for name, value in within_person(person).items()}
    if not auroc:
        raise UnreadableRecordingError(f"{table.path} has nobody with seconds of both stress (1) and rest (0)")
    judged = [person for person in people if person.user in auroc]
    return StressReport(
        people=len(judged),
        seconds=sum(len(person.stressed) for person in judged),
        seconds_of_stress=int(sum(person.stressed.sum() for person in judged)),
        mean_auroc={name: mean_over([found[name] for found in auroc.values()]) for name in SCORES},
        auroc=auroc,
        one_class_only=one_class,
        skipped=dict(sorted(skipped.items())),
    )


def _by_person(table: Table, skipped: Counter[str]) -> dict[str, list[_Second]]:
    """Every person's usable seconds; a time that repeats or goes back is left out."""
    found: dict[str, list[_Second]] = {}
    for fields in table.rows(*_COLUMNS):
        try:
            user, second = _second(fields)
        except _Unusable as unusable:
            skipped[str(unusable)] += 1
            continue
        seconds = found.setdefault(user, [])
        if seconds and second.at <= seconds[-1].at:
            skipped["time-repeats" if second.at == seconds[-1].at else "time-goes-back"] += 1
        else:
            seconds.append(second)
    return dict(sorted(found.items(), key=lambda item: (item[1][-1].at, item[0])))


class _Unusable(Exception):
    """Why a row can't be used."""


def _second(fields: tuple[str, ...] | None) -> tuple[str, _Second]:
    if fields is None or not fields[0]:
        raise _Unusable("malformed-row")
    user, time, *rates, label = fields
    if "" in rates:
        raise _Unusable("not-recorded")
    try:
        at, values = int(float(time)) * SECOND, tuple(map(float, rates))
    except (ValueError, OverflowError) as error:
        raise _Unusable("malformed-row") from error
    if label not in ("0", "1", "0.0", "1.0"):
        raise _Unusable("label-neither-0-nor-1")
    if any(not sign.hard[0] < value <= sign.hard[1] for value, (sign, _) in zip(values, _RATES.values(), strict=True)):
        raise _Unusable("not-plausible")
    return user, _Second(at, values, label[0] == "1")


def _scored(by_person: dict[str, list[_Second]]) -> list[Person]:
    """Scores of everybody, each second before the next is known, each person before their labels are."""
    weighing = Weighing([1.0, 0.0], _CERTAINTY)
    return [_score(user, seconds, weighing) for user, seconds in by_person.items()]


def _score(user: str, seconds: list[_Second], weighing: Weighing) -> Person:
    states = [Arousal(least_spread=least) for _, least in _RATES.values()]
    excess: Floats = np.array(
        [
            [state.weigh(second.at, value).score for state, value in zip(states, second.values, strict=True)]
            for second in seconds
        ]
    )
    raw, stressed = np.array([second.values for second in seconds]), np.array([second.stressed for second in seconds])
    both = weighing.score(excess)
    weighing.learn(excess[::_LEARNED_EVERY], stressed[::_LEARNED_EVERY])
    scores = (excess[:, 0], both, raw[:, 0], raw[:, 1], np.array([-second.at for second in seconds], dtype=float))
    return Person(user, stressed, dict(zip(SCORES, scores, strict=True)))
