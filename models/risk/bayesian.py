"""Logistic regression that learns with all covariances, in the stream, as a River classifier with an explicit form."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct
from river import base

from models.risk.posterior import Posterior
from models.risk.scale import Scale
from models.risk.waves import Numbers, Waves

FORM = 1
_INTERCEPT_SPREAD = 1.0


class Parameters(Struct, frozen=True, kw_only=True):
    """With what a model begins; `BayesianLogisticRegression` tells what each means."""

    curved: tuple[str, ...] | None = None
    waves: int = 600
    straight: float = 1 / 300
    wavy: float = 2.0
    width: float = 1.1
    first: float = 0.05
    most_features: int = 1_000
    seed: int = 1


class _Kept(Struct, array_like=True):
    """A model in its own form: parameters, names in their order, and columns of little-endian floats."""

    form: int
    parameters: Parameters
    names: list[str]
    scale: tuple[bytes, bytes, bytes]
    mean: bytes
    covariance: bytes


class BayesianLogisticRegression(base.Classifier):
    """Believes something of every weight and of every pair of weights; each example changes the belief once.

    Features are put on one scale as they come: in spreads from their mean, at most 3.5. One that is absent, or that
    no number up to a million tells, counts as its mean. On top of the features themselves come `waves` random Fourier
    features of those that are named in `curved`. The memory is that of a square matrix of all weights, and is bounded
    by `most_features`.

    Parameters
    ----------
    curved
        The names of the features over which the log-odds may be a curved surface.
    waves
        How many random Fourier features; none without `curved`.
    straight
        The variance believed beforehand of a feature's weight, in log-odds a spread.
    wavy
        The variance believed beforehand of the curved surface, in log-odds.
    width
        Over which distance patients count as alike, in shares of what lies between two of them.
    first
        The probability from whose log-odds the intercept begins.
    most_features
        Further names are not looked at; those in `curved` come first.
    seed
        Of the waves.

    """

    def __init__(
        self,
        curved: tuple[str, ...] | None = None,
        waves: int = 600,
        straight: float = 1 / 300,
        wavy: float = 2.0,
        width: float = 1.1,
        first: float = 0.05,
        most_features: int = 1_000,
        seed: int = 1,
    ) -> None:
        self.curved = curved
        self.waves = waves
        self.straight = straight
        self.wavy = wavy
        self.width = width
        self.first = first
        self.most_features = most_features
        self.seed = seed
        self._waves = Waves(curved or (), waves if curved else 0, width=width, seed=seed)
        self._scale = Scale(curved or ())
        self._posterior = Posterior.prior(1 + self._waves.count + len(self._scale.names))
        self._posterior.mean[0] = math.log(first / (1 - first)) / _INTERCEPT_SPREAD

    @classmethod
    def _unit_test_params(cls) -> Iterator[dict[str, Any]]:  # of any parameter; River calls it
        yield {}
        yield {"curved": ("https", "ip_in_url"), "waves": 20}

    def predict_proba_one(self, x: Mapping[str, float], **kwargs: object) -> dict[bool, float]:
        """The probability of either label; it changes nothing."""
        probability = self._posterior.believe(self._features(x)).probability
        return {False: 1 - probability, True: probability}

    def learn_one(self, x: Mapping[str, float], y: bool) -> None:
        """Takes one more example."""
        self._take_in(sorted(x.keys() - self._scale.names.keys()))
        self._scale.learn(x)
        self._posterior.learn(self._features(x), bool(y))

    def _take_in(self, names: Sequence[str]) -> None:
        """Begins to look at features that were not there before."""
        room = max(self.most_features - len(self._scale.names), 0)
        if names and room:
            self._scale.grow(names[:room])
            self._posterior.grow(1 + self._waves.count + len(self._scale.names))

    def _features(self, x: Mapping[str, float]) -> Numbers:
        """All that has a weight: 1, the waves, the features; each as large as what is believed of it beforehand."""
        scaled = self._scale.scaled(x)
        curve = self._waves.over(scaled[: len(self.curved or ())]) * math.sqrt(self.wavy)
        return np.concatenate([[_INTERCEPT_SPREAD], curve, scaled * math.sqrt(self.straight)])

    # --- Its form ----------------------------------------------------------------------------------------------------

    def encode(self) -> bytes:
        """All that was learned, with the parameters: equal bytes for equal models."""
        scale, posterior = self._scale, self._posterior
        kept = _Kept(
            FORM,
            Parameters(**self._get_params()),
            list(scale.names),
            (_bytes_of(scale.count), _bytes_of(scale.mean), _bytes_of(scale.squares)),
            _bytes_of(posterior.mean),
            _bytes_of(posterior.covariance[np.triu_indices(len(posterior.mean))]),
        )
        return msgspec.msgpack.encode(kept)

    @classmethod
    def decode(cls, value: bytes) -> "BayesianLogisticRegression":
        """The model again, which goes on as if nothing had been; raises msgspec.MsgspecError or ValueError."""
        kept = msgspec.msgpack.decode(value, type=_Kept)
        if kept.form != FORM:
            raise ValueError(f"a model of form {kept.form}, this version reads form {FORM}")
        known, curved = len(kept.names), kept.parameters.curved or ()
        size = 1 + known + (kept.parameters.waves if curved else 0)
        scale = [_numbers(column, known) for column in kept.scale]
        mean, upper = _numbers(kept.mean, size), _numbers(kept.covariance, size * (size + 1) // 2)
        if tuple(kept.names[: len(curved)]) != curved:
            raise ValueError("the names do not begin with those of the curved features")
        model = cls(**msgspec.structs.asdict(kept.parameters))
        model._scale = Scale(kept.names, *scale)
        model._posterior = Posterior(mean, _symmetric(upper, size))
        return model


def _bytes_of(numbers: Numbers) -> bytes:
    return numbers.astype("<f8").tobytes()


def _numbers(column: bytes, count: int) -> Numbers:
    """So many numbers; raises ValueError on bytes of another length."""
    if len(column) != 8 * count:
        raise ValueError(f"a column of {len(column)} bytes, not of {count} numbers")
    return np.frombuffer(column, "<f8").astype(float)


def _symmetric(upper: Numbers, size: int) -> Numbers:
    """The whole matrix of its upper triangle."""
    matrix = np.zeros((size, size))
    matrix[np.triu_indices(size)] = upper
    return matrix + np.triu(matrix, 1).T
