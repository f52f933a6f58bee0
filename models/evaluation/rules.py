"""What fixed rules say of a patient at one instant: the scores that are beside every learned model."""

from collections.abc import Mapping

from models.events import Score
from models.picture import Observed, Patient
from models.points import Seen
from models.scores import mews, news2, qsofa, shock_index, vitals_only_sirs

_COMA_SCALE = "9269-2"

RULES = ("news2", "news2_last", "mews", "mews_last", "qsofa", "vitals_only_sirs", "shock_index")
"""Every rule; `_last` takes the last value of each part however old it is, as scores on paper do."""


def scores_of(
    patient: Patient, parts: Mapping[str, Observed | None], told: Score, now: int
) -> Mapping[str, float | None]:
    """Known points of each rule, or the index; None where nothing can be said. `told` is NEWS2 as Vigil shows it."""
    inputs: dict[str, Seen | None] = {**parts, "glasgow_coma_scale": patient.observe(_COMA_SCALE, now)}
    last = {name: None if seen is None else news2.Input(seen.value, seen.at, True) for name, seen in inputs.items()}
    index = shock_index.score(inputs)
    return {
        "news2": _points(told),
        "news2_last": _points(news2.score(last, scale=patient.known.spo2_scale or 1)),
        "mews": _points(mews.score(inputs)),
        "mews_last": _points(mews.score(last)),
        "qsofa": _points(qsofa.score(inputs)),
        "vitals_only_sirs": _points(vitals_only_sirs.score(inputs)),
        "shock_index": index.value,
    }


def _points(score: Score) -> float | None:
    return None if score.known_points is None else float(score.known_points)
