"""Which online models and which features a person chose."""

from collections.abc import Sequence

from msgspec import Struct

from models.evaluation.batch import PEERS
from models.risk.candidates import CANDIDATES
from models.risk.feature_sources import SOURCES, FeatureSource
from vigil.errors import CommandFailed

DEFAULT_MODEL = "average"
DEFAULT_FEATURES = "stay"
STAY_MODEL = "bayesian_regression"
"""What is asked about a whole stay by default: a few questions a patient, so it may take milliseconds each."""


_USUAL_PEERS = ("logistic_regression", "gradient_boosting")


class Chosen(Struct, frozen=True):
    """The online models, the judged one first, and the models fitted at once that stand beside them."""

    names: tuple[str, ...]
    peers: tuple[str, ...]


def chosen_models(named: Sequence[str], *, every: bool, default: str = DEFAULT_MODEL) -> Chosen:
    """Those named, alone; else the default one with the usual peers, and all others and all peers if asked for."""
    unknown = [name for name in named if name not in CANDIDATES]
    if unknown:
        raise CommandFailed(f"There is no model {unknown[0]}: give one of {', '.join(CANDIDATES)}.")
    if named:
        return Chosen(tuple(dict.fromkeys(named)), ())
    others = tuple(name for name in CANDIDATES if every and name != default)
    return Chosen((default, *others), tuple(PEERS) if every else _USUAL_PEERS)


def chosen_features(name: str | None) -> FeatureSource:
    """The set of features of that name, or the default one."""
    if name is not None and name not in SOURCES:
        raise CommandFailed(f"There is no set of features {name}: give one of {', '.join(SOURCES)}.")
    return SOURCES[name or DEFAULT_FEATURES]
