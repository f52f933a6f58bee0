"""Deterioration: every question that the fold itself asks, answered by a model in stream order, beside NEWS2 itself."""

import time
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from models.evaluation import curves
from models.evaluation.burden import Operation, Watch, patient_days
from models.evaluation.contest import ONLINE, Contest
from models.evaluation.curves import Curve
from models.evaluation.deterioration import Deteriorations
from models.evaluation.figures import Figures, Predicted, figures_of
from models.evaluation.row import Row, sample_of_rows
from models.evaluation.sample import Flags, Floats
from models.evaluation.subgroups import Subgroup, subgroups_of
from models.risk.candidates import CANDIDATES
from models.risk.features import NAMES
from vigil.errors import CommandFailed
from vigil.evaluation.choice import Chosen
from vigil.evaluation.hospital import Folded
from vigil.evaluation.mortality import ModelCost, cost_of
from vigil.evaluation.titles import titled

_TOO_SLOW = ("svm", "random_forest")
"""Peers that take hours, or gigabytes, for some hundred thousand questions."""
CURVES = {"ROC": curves.roc, "precision and recall": curves.precision_recall}


class Burden(Struct, frozen=True, kw_only=True):
    """By sensitivity: what thresholds cost that reach it on the judged rows, and those chosen `before` them.

    A model that is fitted at once foretells nothing before, so it has none of the latter.
    """

    at: dict[str, Operation]
    before: dict[str, Operation]


class Beside(Struct, frozen=True, kw_only=True):
    """One predictor: its figures, and what its alarms cost."""

    figures: Figures
    alarms: Burden


class Question(Struct, frozen=True, kw_only=True):
    """What was found of one question, by predictor; `subgroups` and `curves` as for in-hospital death."""

    rows: int
    patients: int
    positives: int
    patient_days: float
    found: dict[str, Beside]
    subgroups: dict[str, dict[str, Subgroup]]
    curves: dict[str, dict[str, Curve]]


class Found(Struct, frozen=True, kw_only=True):
    """Of the first NEWS2 of 7 or more of a stay, and of every one; the judged model; what online models take."""

    model: str
    first: Question
    every: Question
    costs: dict[str, ModelCost]


class _Side(Struct, frozen=True):
    """Rows before, or of, what is judged, in stream order, and over how many patient-days they come."""

    rows: Sequence[Row]
    is_first: Flags
    days: float

    def watch(self, chosen: Flags) -> tuple[Watch, Floats]:
        """The chosen rows by patient and time, and their places among all."""
        order = sorted(
            np.flatnonzero(chosen).tolist(), key=lambda at: (self.rows[at].patient_id, self.rows[at].asked_at)
        )
        return Watch([self.rows[at] for at in order], self.days), np.array(order, dtype=np.int64)


def foretell(folded: Folded, seen: Deteriorations, chosen: Chosen, progress: Callable[[int, int], None]) -> Found:
    """Asks the chosen models, of which the first is judged, and the peers. Raises CommandFailed if nothing happened."""
    before, judged = (_side(folded, seen, judged=judged) for judged in (False, True))
    contest = Contest(learned=before.rows, judged=judged.rows, names=NAMES)
    predictors: dict[str, Predicted] = {}
    costs = {}
    steps, done = 2 * len(chosen.names) * (len(before.rows) + len(judged.rows)), 0

    def stepped() -> None:
        nonlocal done
        done += 1
        progress(done, steps)

    for name in chosen.names:
        predicted, cost, model = contest.online(CANDIDATES[name], time.perf_counter_ns, stepped)
        predictors[ONLINE + name], costs[name] = predicted, cost_of(cost, model)
    predictors |= contest.rules() | contest.fitted([name for name in chosen.peers if name not in _TOO_SLOW])
    return Found(
        model=chosen.names[0],
        first=_question(before, judged, predictors, chosen.names[0], before.is_first, judged.is_first),
        every=_question(before, judged, predictors, chosen.names[0], _all(before), _all(judged)),
        costs=costs,
    )


def _side(folded: Folded, seen: Deteriorations, *, judged: bool) -> _Side:
    stays = {patient_id: stay for patient_id, stay in folded.stays.items() if stay.is_judged == judged}
    asked = sorted(
        ((row, first) for row, first in zip(seen.rows, seen.firsts, strict=True) if row.patient_id in stays),
        key=lambda pair: (pair[0].asked_at, pair[0].patient_id),
    )
    option = "--judge" if judged else "--learn"
    if len({row.label for row, first in asked if first}) < 2:
        raise CommandFailed(f"In {option} NEWS2 came to 7 never, or always: give more stays, or others.")
    spans = [(stay.admitted_at, stay.ended_at) for stay in stays.values()]
    return _Side([row for row, _ in asked], np.array([first for _, first in asked]), patient_days(spans))


def _all(side: _Side) -> Flags:
    return np.ones(len(side.rows), dtype=bool)


def _question(
    before: _Side, judged: _Side, predictors: Mapping[str, Predicted], model: str, earlier: Flags, chosen: Flags
) -> Question:
    """One question: its rows are the chosen ones of the judged, its thresholds come from the earlier ones."""
    rows = [row for row, is_chosen in zip(judged.rows, chosen, strict=True) if is_chosen]
    sample = sample_of_rows(rows)
    part = {name: replace(each, values=each.values[chosen]) for name, each in predictors.items()}
    figures = figures_of(part, ONLINE + model, sample)
    alarms = {name: _burden(before, judged, each, earlier, chosen) for name, each in predictors.items()}
    return Question(
        rows=len(rows),
        patients=len({row.patient_id for row in rows}),
        positives=int(sample.labels.sum()),
        patient_days=round(judged.days, 2),
        found={name: Beside(figures=figures[name], alarms=alarms[name]) for name in predictors},
        subgroups=subgroups_of(part[ONLINE + model].values, rows),
        curves={
            **{
                kind: {_title(name): curve(each.values, sample) for name, each in part.items()}
                for kind, curve in CURVES.items()
            },
            "alarms against sensitivity": {
                _title(name): _alarm_curve(judged, each, chosen) for name, each in predictors.items()
            },
        },
    )


def _burden(before: _Side, judged: _Side, predicted: Predicted, earlier: Flags, chosen: Flags) -> Burden:
    watch, places = judged.watch(chosen)
    values = predicted.values[places]
    chosen_before: dict[str, Operation] = {}
    if predicted.before is not None:
        earlier_watch, earlier_places = before.watch(earlier)
        thresholds = earlier_watch.thresholds(predicted.before[earlier_places])
        chosen_before = {name: watch.operation(values, threshold) for name, threshold in thresholds.items()}
    at = {name: watch.operation(values, threshold) for name, threshold in watch.thresholds(values).items()}
    return Burden(at=at, before=chosen_before)


def _alarm_curve(judged: _Side, predicted: Predicted, chosen: Flags) -> Curve:
    watch, places = judged.watch(chosen)
    return watch.curve(predicted.values[places])


def _title(name: str) -> str:
    return titled(name.removeprefix(ONLINE), is_online=name.startswith(ONLINE))
