"""Logistic regression that learns with all covariances, in the stream, as a River classifier with an explicit form."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from river import base

from models.risk.landmarks import Landmarks, Numbers
from models.risk.posterior import Posterior
from models.risk.scale import Scale

FORM = 1
_INTERCEPT_SPREAD = 1.0


class Parameters(Struct, frozen=True, kw_only=True):
    """With what a model begins; `BayesianLogisticRegression` tells what each means."""

    curved: tuple[str, ...] | None = None
    landmarks: int = 600
    after: int = 256
    straight: float = 1 / 400
    wavy: float = 2.0
    width: float = 1.0
    first: float = 0.05
    most_features: int = 1_000
    seed: int = 1


class _Kept(Struct, array_like=True):
    """A model in its own form: parameters, names in their order, and columns of little-endian floats.

    `places` and `root` are those of the landmarks, empty before they are drawn; `waiting` are the examples until then.
    """

    form: int
    parameters: Parameters
    names: list[str]
    scale: tuple[bytes, bytes, bytes]
    mean: bytes
    covariance: bytes
    places: bytes
    root: bytes
    waiting: list[tuple[bytes, bool]]


class BayesianLogisticRegression(base.Classifier):
    """Believes something of every weight and of every pair of weights; each example changes the belief once.

    Features are put on one scale as they come: in spreads from their mean, at most 3.5. One that is absent, or that
    no number up to a million tells, counts as its mean. Once `after` examples are seen, likenesses to `landmarks`
    imagined patients, by those features that are named in `curved`, come beside the features themselves; only those
    first examples are kept until then, and learned once more. The memory is that of a square matrix of all weights,
    and is bounded by `most_features`.

    Parameters
    ----------
    curved
        The names of the features over which the log-odds may be a curved surface.
    landmarks
        How many imagined patients; none without `curved`.
    after
        After how many examples they are drawn.
    straight
        The variance believed beforehand of a feature's weight, in log-odds a spread.
    wavy
        The variance believed beforehand of the curved surface, in log-odds.
    width
        At which squared distance, a feature, patients count as half alike.
    first
        The probability from whose log-odds the intercept begins.
    most_features
        Further names are not looked at; those in `curved` come first.
    seed
        Of the landmarks.

    """

    def __init__(
        self,
        curved: tuple[str, ...] | None = None,
        landmarks: int = 600,
        after: int = 256,
        straight: float = 1 / 400,
        wavy: float = 2.0,
        width: float = 1.0,
        first: float = 0.05,
        most_features: int = 1_000,
        seed: int = 1,
    ) -> None:
        self.curved = curved
        self.landmarks = landmarks
        self.after = after
        self.straight = straight
        self.wavy = wavy
        self.width = width
        self.first = first
        self.most_features = most_features
        self.seed = seed
        self._scale = Scale(curved or ())
        self._landmarks: Landmarks | None = None
        self._waiting: list[tuple[Numbers, bool]] = []
        self._posterior = self._prior()

    @classmethod
    def _unit_test_params(cls) -> Iterator[dict[str, Any]]:  # of any parameter; River calls it
        yield {}
        yield {"curved": ("https", "ip_in_url"), "landmarks": 20, "after": 30}

    def predict_proba_one(self, x: Mapping[str, float], **kwargs: object) -> dict[bool, float]:
        """The probability of either label; it changes nothing."""
        probability = self._posterior.believe(self._features(self._scale.vector(x))).probability
        return {False: 1 - probability, True: probability}

    def learn_one(self, x: Mapping[str, float], y: bool) -> None:
        """Takes one more example."""
        self._take_in(sorted(x.keys() - self._scale.names.keys()))
        vector = self._scale.vector(x)
        self._scale.learn(vector)
        self._posterior.learn(self._features(vector), bool(y))
        if self.curved and self._landmarks is None:
            self._waiting.append((vector, bool(y)))
            if len(self._waiting) >= self.after:
                self._begin_anew()

    def _prior(self) -> Posterior:
        posterior = Posterior.prior(1 + len(self._landmarks or ()) + len(self._scale.names))
        posterior.mean[0] = math.log(self.first / (1 - self.first)) / _INTERCEPT_SPREAD
        return posterior

    def _take_in(self, names: Sequence[str]) -> None:
        """Begins to look at features that were not there before."""
        room = max(self.most_features - len(self._scale.names), 0)
        if names and room:
            self._scale.grow(names[:room])
            self._posterior.grow(1 + len(self._landmarks or ()) + len(self._scale.names))

    def _begin_anew(self) -> None:
        """Draws the landmarks, and learns the examples that waited for them."""
        seen = np.stack([self._curved(self._scale.scaled(vector)) for vector, _ in self._waiting])
        self._landmarks = Landmarks.drawn(seen, self.landmarks, width=self.width, seed=self.seed)
        self._posterior = self._prior()
        for vector, label in self._waiting:
            self._posterior.learn(self._features(vector), label)
        self._waiting = []

    def _curved(self, scaled: Numbers) -> Numbers:
        return scaled[: len(self.curved or ())]

    def _features(self, vector: Numbers) -> Numbers:
        """All that has a weight: 1, likenesses, features; each as large as what is believed of it beforehand."""
        scaled = self._scale.scaled(vector)
        parts = [np.array([_INTERCEPT_SPREAD]), scaled * math.sqrt(self.straight)]
        if self._landmarks is not None:
            parts.insert(1, self._landmarks.over(self._curved(scaled)) * math.sqrt(self.wavy))
        return np.concatenate(parts)

    # --- Its form ----------------------------------------------------------------------------------------------------

    def encode(self) -> bytes:
        """All that was learned, with the parameters: equal bytes for equal models."""
        scale, posterior, landmarks = self._scale, self._posterior, self._landmarks
        kept = _Kept(
            FORM,
            Parameters(**self._get_params()),
            list(scale.names),
            (_bytes_of(scale.count), _bytes_of(scale.mean), _bytes_of(scale.squares)),
            _bytes_of(posterior.mean),
            _bytes_of(posterior.covariance[np.triu_indices(len(posterior.mean))]),
            b"" if landmarks is None else _bytes_of(landmarks.places),
            b"" if landmarks is None else _bytes_of(landmarks.root[np.tril_indices(len(landmarks))]),
            [(_bytes_of(vector), label) for vector, label in self._waiting],
        )
        return msgspec.msgpack.encode(kept)

    @classmethod
    def decode(cls, value: bytes) -> "BayesianLogisticRegression":
        """The model again, which goes on as if nothing had been; raises msgspec.MsgspecError or ValueError."""
        kept = msgspec.msgpack.decode(value, type=_Kept)
        if kept.form != FORM:
            raise ValueError(f"a model of form {kept.form}, this version reads form {FORM}")
        curved = kept.parameters.curved or ()
        if tuple(kept.names[: len(curved)]) != curved:
            raise ValueError("the names do not begin with those of the curved features")
        model = cls(**msgspec.structs.asdict(kept.parameters))
        model._scale = Scale(kept.names, *(_numbers(column, len(kept.names)) for column in kept.scale))
        if kept.places:
            model._landmarks = _landmarks_of(kept)
        model._waiting = [(_numbers(vector, len(vector) // 8), label) for vector, label in kept.waiting]
        size = len(model._prior().mean)
        upper = _triangle(kept.covariance, size, np.triu_indices(size))
        model._posterior = Posterior(_numbers(kept.mean, size), upper + np.triu(upper, 1).T)
        return model


def _landmarks_of(kept: _Kept) -> Landmarks:
    count, features = kept.parameters.landmarks, len(kept.parameters.curved or ())
    places = _numbers(kept.places, count * features).reshape(count, features)
    return Landmarks(places, _triangle(kept.root, count, np.tril_indices(count)), kept.parameters.width)


def _bytes_of(numbers: Numbers) -> bytes:
    return numbers.astype("<f8").tobytes()


def _numbers(column: bytes, count: int) -> Numbers:
    """So many numbers; raises ValueError on bytes of another length."""
    if len(column) != 8 * count:
        raise ValueError(f"a column of {len(column)} bytes, not of {count} numbers")
    return np.frombuffer(column, "<f8").astype(float)


def _triangle(column: bytes, size: int, places: tuple[NDArray[np.intp], NDArray[np.intp]]) -> Numbers:
    """One triangle of a square matrix, and nothing in the other."""
    matrix = np.zeros((size, size))
    matrix[places] = _numbers(column, size * (size + 1) // 2)
    return matrix
