"""The figures of predictions on rows that are judged: ranking, calling, probability, each with its interval."""

from collections.abc import Mapping

import numpy as np
from msgspec import Struct

from models.evaluation import weighted
from models.evaluation.bootstrap import RESAMPLES, Difference, Resampled, difference, estimate, resampled
from models.evaluation.calibration import Calibration, calibration_of
from models.evaluation.sample import Floats, Sample

RANKED = ("auroc", "auprc", "score1")
Range = tuple[float | None, float | None]


class Predicted(Struct, frozen=True, kw_only=True):
    """What one predictor said of each row; not a number where it could not say anything.

    `threshold` is where it calls, chosen before the rows were seen, or None where none could be chosen. `before` is
    what it said, as a stream, of the rows that it only learned from.
    """

    values: Floats
    before: Floats | None = None
    threshold: float | None
    is_probability: bool


class Figures(Struct, frozen=True, kw_only=True):
    """How well one predictor did. `silent` rows, of which it said nothing, rank below all others: they count.

    `interval` holds 95 % intervals by patient bootstrap. `ahead` says how much the predictor that is judged is ahead
    of this one, on the same resamples. Brier score (less is better) and calibration are of probabilities alone.
    """

    auroc: float | None
    auprc: float | None
    score1: float | None
    threshold: float | None
    brier: float | None
    silent: int
    interval: dict[str, Range]
    ahead: dict[str, Difference] | None = None
    calibration: Calibration | None = None


def figures_of(
    predictors: Mapping[str, Predicted], judged: str, sample: Sample, resamples: int = RESAMPLES
) -> dict[str, Figures]:
    """The figures of each predictor; `judged` names the one with which the others are compared."""
    values = {name: _filled(each.values) for name, each in predictors.items()}
    ranked = resampled(dict.fromkeys(predictors, weighted.ranking), values, sample, resamples)
    by_figure = {
        "auroc": {name: both[:, 0] for name, both in ranked.items()},
        "auprc": {name: both[:, 1] for name, both in ranked.items()},
        "score1": resampled(
            {
                name: weighted.score1_at(each.threshold)
                for name, each in predictors.items()
                if each.threshold is not None
            },
            values,
            sample,
            resamples,
        ),
        "brier": resampled(
            {name: weighted.brier for name, each in predictors.items() if each.is_probability},
            values,
            sample,
            resamples,
        ),
    }
    return {name: _figures(name, judged, each, by_figure, sample) for name, each in predictors.items()}


def _figures(
    name: str, judged: str, predicted: Predicted, by_figure: Mapping[str, Resampled], sample: Sample
) -> Figures:
    found = {figure: estimate(by_name[name]) for figure, by_name in by_figure.items() if name in by_name}
    plain = {figure: found[figure].value if figure in found else None for figure in by_figure}
    ahead = {
        figure: difference(by_figure[figure][judged], by_figure[figure][name])
        for figure in RANKED
        if name != judged and {name, judged} <= by_figure[figure].keys()
    }
    return Figures(
        auroc=plain["auroc"],
        auprc=plain["auprc"],
        score1=plain["score1"],
        brier=plain["brier"],
        threshold=predicted.threshold,
        silent=int(np.isnan(predicted.values).sum()),
        interval=dict.fromkeys(RANKED, (None, None))
        | {figure: (each.low, each.high) for figure, each in found.items()},
        ahead=ahead or None,
        calibration=calibration_of(_filled(predicted.values), sample) if predicted.is_probability else None,
    )


def _filled(values: Floats) -> Floats:
    """What a predictor says nothing of is no alarm: below all that it spoke of."""
    silent = np.isnan(values)
    lowest = values[~silent].min() - 1 if not silent.all() else 0.0
    return np.where(silent, lowest, values)
