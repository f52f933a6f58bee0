"""In-hospital death, foretold at fixed hours: the contest at each hour, its figures and its curves."""

import pickle
import time
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from msgspec import Struct

from models.evaluation import curves
from models.evaluation.contest import ONLINE, Answers, Contest, contests_by_hour, online_by_hour
from models.evaluation.curves import Curve
from models.evaluation.figures import Figures, Predicted
from models.evaluation.progressive import Cost
from models.evaluation.row import Row, sample_of_rows
from models.evaluation.subgroups import Subgroup, subgroups_of
from models.risk.candidate import Encodable
from models.risk.candidates import CANDIDATES, Candidate
from vigil.evaluation.titles import titled

CURVES = {
    "ROC": curves.roc,
    "precision and recall": curves.precision_recall,
    "alarms against sensitivity": curves.called,
}
_DRAWN = ("gradient_boosting", "logistic_regression", "news2_last", "mews_last")


class ModelCost(Struct, frozen=True, kw_only=True):
    """What an online model takes: microseconds to predict and to learn, and bytes of its state.

    `is_pickled` says that its state has no form of its own, so that the bytes are of a pickle: a measure and no more.
    """

    predict_us: float
    learn_us: float
    state_bytes: int
    is_pickled: bool


def cost_of(cost: Cost, model: Candidate) -> ModelCost:
    """What a model that has learned took, and how large it is."""
    state = model.encode() if isinstance(model, Encodable) else pickle.dumps(model)
    return ModelCost(
        predict_us=round(cost.predict_us, 1),
        learn_us=round(cost.learn_us, 1),
        state_bytes=len(state),
        is_pickled=not isinstance(model, Encodable),
    )


class Hour(Struct, frozen=True, kw_only=True):
    """What was found at one hour: figures of the model that is judged, of other online models, and of the peers."""

    rows: int
    deaths: int
    learned: int
    judged: Figures
    candidates: dict[str, Figures]
    peers: dict[str, Figures]
    costs: dict[str, ModelCost]
    subgroups: dict[str, dict[str, Subgroup]]
    curves: dict[str, dict[str, Curve]]
    """By kind, then by the predictor's title."""


class Work(Struct, frozen=True, kw_only=True):
    """What is to be done at each hour: which online model is judged, and what stands beside it."""

    model: str
    others: Sequence[str]
    peers: Sequence[str]
    names: Sequence[str]

    @property
    def models(self) -> tuple[str, ...]:
        """The one that is judged, and the others."""
        return (self.model, *(name for name in self.others if name != self.model))


def contest_by_hour(
    learned: Sequence[Row], judged: Sequence[Row], work: Work, progress: Callable[[int, int], None]
) -> dict[int, Hour]:
    """The contest at each hour at which anyone could be asked about; `progress` hears how much is done, of how much."""
    steps = 2 * len(work.models) * (len(learned) + len(judged))
    done = 0

    def seen() -> None:
        nonlocal done
        done += 1
        progress(done, steps)

    contests = {
        hour: contest for hour, contest in contests_by_hour(learned, judged, work.names).items() if contest.judged
    }
    online = {name: online_by_hour(contests, CANDIDATES[name], time.perf_counter_ns, seen) for name in work.models}
    return {
        hour: _hour(contest, work, {name: online[name][hour] for name in work.models})
        for hour, contest in contests.items()
    }


def _hour(contest: Contest, work: Work, online: Mapping[str, Answers]) -> Hour:
    predictors = {ONLINE + name: predicted for name, (predicted, _, _) in online.items()}
    peers = contest.rules() | contest.fitted(work.peers)
    figures = contest.figures(predictors | peers, ONLINE + work.model)
    own = predictors[ONLINE + work.model]
    sample = sample_of_rows(contest.judged)
    return Hour(
        rows=len(contest.judged),
        deaths=int(sample.labels.sum()),
        learned=len(contest.learned),
        judged=figures[ONLINE + work.model],
        candidates={name: figures[ONLINE + name] for name in work.models if name != work.model},
        peers={name: figures[name] for name in peers},
        costs={name: cost_of(cost, model) for name, (_, cost, model) in online.items()},
        subgroups=subgroups_of(own.values, contest.judged),
        curves=_curves(
            {titled(work.model): own}
            | {titled(name, is_online=False): peers[name] for name in _DRAWN if name in peers},
            contest.judged,
        ),
    )


def _curves(drawn: Mapping[str, Predicted], rows: Sequence[Row]) -> dict[str, dict[str, Curve]]:
    sample = sample_of_rows(rows)
    if not sample.is_of_both:
        return {}
    return {
        kind: {name: curve(np.nan_to_num(each.values, nan=-1.0), sample) for name, each in drawn.items()}
        for kind, curve in CURVES.items()
    }
