"""The explicit form of a Bayesian logistic regression: what it began with, and columns of numbers."""

import numpy as np
from msgspec import Struct

from models.risk.columns import numbers_of, triangle_of
from models.risk.landmarks import Landmarks

FORM = 1


class Parameters(Struct, frozen=True, kw_only=True):
    """With what a model begins; `BayesianLogisticRegression` tells what each means."""

    curved: tuple[str, ...] | None = None
    by: str | None = None
    marks: tuple[float, ...] | None = None
    landmarks: int = 600
    after: int = 256
    straight: float = 1 / 400
    wavy: float = 2.0
    width: float = 1.0
    first: float = 0.05
    most_features: int = 1_000
    seed: int = 1


class Kept(Struct, array_like=True):
    """A model in its own form: parameters, names in their order, and columns of little-endian floats.

    `places` and `root` are those of the landmarks, empty before they are drawn; `waiting` are the examples until then.
    """

    form: int
    parameters: Parameters
    names: list[str]
    scales: list[tuple[bytes, bytes, bytes]]
    mean: bytes
    covariance: bytes
    places: bytes
    root: bytes
    waiting: list[tuple[bytes, int, bool]]


def landmarks_of(kept: Kept) -> Landmarks:
    """The landmarks again; raises ValueError on columns of another length."""
    count, features = kept.parameters.landmarks, len(kept.parameters.curved or ())
    places = numbers_of(kept.places, count * features).reshape(count, features)
    return Landmarks(places, triangle_of(kept.root, count, np.tril_indices(count)), kept.parameters.width)
