"""Logistic regression that learns with all covariances, in the stream, as a River classifier with an explicit form."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
import numpy as np
from river import base

from models.risk.bayesian_form import FORM, Kept, Parameters, landmarks_of
from models.risk.columns import bytes_of, numbers_of, triangle_of
from models.risk.landmarks import Landmarks, Numbers
from models.risk.posterior import Posterior
from models.risk.scale import Scale

_INTERCEPT_SPREAD = 1.0


class Expected(NamedTuple):
    """A model without its doubts: the mean of each weight, in log-odds.

    `straight` is a spread of each feature in the order of `scales`; `heights` are those of the landmarks at `places`,
    such that the sum of heights times likenesses is the curve.
    """

    intercept: float
    straight: Numbers
    heights: Numbers
    places: Numbers
    scales: Sequence[Scale]


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
    by
        The name of a feature that says of what kind an example is, such as when it was asked; None for one kind only.
    marks
        The values of `by`, ascending: an example is of the kind of the nearest one. Each kind has a scale of its own,
        so that a feature says how far from usual it is among its like; the weights are common.
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
        by: str | None = None,
        marks: tuple[float, ...] | None = None,
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
        self.by = by
        self.marks = marks
        self.landmarks = landmarks
        self.after = after
        self.straight = straight
        self.wavy = wavy
        self.width = width
        self.first = first
        self.most_features = most_features
        self.seed = seed
        self._scales = [Scale(curved or ()) for _ in marks or (0,)]
        self._landmarks: Landmarks | None = None
        self._waiting: list[tuple[Numbers, int, bool]] = []
        self._posterior = self._prior()

    @classmethod
    def _unit_test_params(cls) -> Iterator[dict[str, Any]]:  # of any parameter; River calls it
        yield {}
        yield {"curved": ("https", "ip_in_url"), "by": "https", "marks": (0.0, 1.0), "landmarks": 20, "after": 30}

    def predict_proba_one(self, x: Mapping[str, float], **kwargs: object) -> dict[bool, float]:
        """The probability of either label; it changes nothing."""
        kind = self._kind(x)
        probability = self._posterior.believe(self._features(self._scales[kind].vector(x), kind)).probability
        return {False: 1 - probability, True: probability}

    def learn_one(self, x: Mapping[str, float], y: bool) -> None:
        """Takes one more example."""
        self._take_in(sorted(x.keys() - self._names.keys()))
        kind = self._kind(x)
        vector = self._scales[kind].vector(x)
        self._scales[kind].learn(vector)
        self._posterior.learn(self._features(vector, kind), bool(y))
        if self.curved and self._landmarks is None:
            self._waiting.append((vector, kind, bool(y)))
            if len(self._waiting) >= self.after:
                self._begin_anew()

    def expected(self) -> Expected:
        """What is believed of each weight on average."""
        mean, landmarks = self._posterior.mean, self._landmarks
        end = 1 + len(landmarks or ())
        straight, intercept = mean[end:] * math.sqrt(self.straight), float(mean[0]) * _INTERCEPT_SPREAD
        if landmarks is None:
            return Expected(intercept, straight, np.zeros(0), np.zeros((0, len(self.curved or ()))), self._scales)
        heights = np.einsum("ij,i->j", landmarks.root, mean[1:end]) * math.sqrt(self.wavy)
        return Expected(intercept, straight, heights, landmarks.places, self._scales)

    @property
    def _names(self) -> dict[str, int]:
        return self._scales[0].names

    def _kind(self, x: Mapping[str, float]) -> int:
        """The place of the mark that is nearest; the first when nothing is told."""
        value = x.get(self.by, math.nan) if self.by is not None else math.nan
        if not self.marks or math.isnan(value):
            return 0
        return min(range(len(self.marks)), key=lambda place: abs((self.marks or ())[place] - value))

    def _prior(self) -> Posterior:
        posterior = Posterior.prior(1 + len(self._landmarks or ()) + len(self._names))
        posterior.mean[0] = math.log(self.first / (1 - self.first)) / _INTERCEPT_SPREAD
        return posterior

    def _take_in(self, names: Sequence[str]) -> None:
        """Begins to look at features that were not there before."""
        room = max(self.most_features - len(self._names), 0)
        if names and room:
            for scale in self._scales:
                scale.grow(names[:room])
            self._posterior.grow(1 + len(self._landmarks or ()) + len(self._names))

    def _begin_anew(self) -> None:
        """Draws the landmarks, and learns the examples that waited for them."""
        seen = np.stack([self._curved(self._scaled(vector, kind)) for vector, kind, _ in self._waiting])
        self._landmarks = Landmarks.drawn(seen, self.landmarks, width=self.width, seed=self.seed)
        self._posterior = self._prior()
        for vector, kind, label in self._waiting:
            self._posterior.learn(self._features(vector, kind), label)
        self._waiting = []

    def _scaled(self, vector: Numbers, kind: int) -> Numbers:
        """A vector on the scale of its kind; the kind itself is told by its place, in spreads of all places."""
        scaled = self._scales[kind].scaled(vector)
        if self.by in self._names and self.marks:
            count = len(self.marks)
            spread = math.sqrt((count * count - 1) / 12) or 1.0
            scaled[self._names[self.by]] = (kind - (count - 1) / 2) / spread
        return scaled

    def _curved(self, scaled: Numbers) -> Numbers:
        return scaled[: len(self.curved or ())]

    def _features(self, vector: Numbers, kind: int) -> Numbers:
        """All that has a weight: 1, likenesses, features; each as large as what is believed of it beforehand."""
        scaled = self._scaled(vector, kind)
        parts = [np.array([_INTERCEPT_SPREAD]), scaled * math.sqrt(self.straight)]
        if self._landmarks is not None:
            parts.insert(1, self._landmarks.over(self._curved(scaled)) * math.sqrt(self.wavy))
        return np.concatenate(parts)

    # --- Its form ----------------------------------------------------------------------------------------------------

    def encode(self) -> bytes:
        """All that was learned, with the parameters: equal bytes for equal models."""
        posterior, landmarks = self._posterior, self._landmarks
        kept = Kept(
            FORM,
            Parameters(**self._get_params()),
            list(self._names),
            [(bytes_of(each.count), bytes_of(each.mean), bytes_of(each.squares)) for each in self._scales],
            bytes_of(posterior.mean),
            bytes_of(posterior.covariance[np.triu_indices(len(posterior.mean))]),
            b"" if landmarks is None else bytes_of(landmarks.places),
            b"" if landmarks is None else bytes_of(landmarks.root[np.tril_indices(len(landmarks))]),
            [(bytes_of(vector), kind, label) for vector, kind, label in self._waiting],
        )
        return msgspec.msgpack.encode(kept)

    @classmethod
    def decode(cls, value: bytes) -> "BayesianLogisticRegression":
        """The model again, which goes on as if nothing had been; raises msgspec.MsgspecError or ValueError."""
        kept = msgspec.msgpack.decode(value, type=Kept)
        if kept.form != FORM:
            raise ValueError(f"a model of form {kept.form}, this version reads form {FORM}")
        curved = kept.parameters.curved or ()
        if tuple(kept.names[: len(curved)]) != curved:
            raise ValueError("the names do not begin with those of the curved features")
        model = cls(**msgspec.structs.asdict(kept.parameters))
        kinds = len(model._scales)
        if len(kept.scales) != kinds or any(not 0 <= kind < kinds for _, kind, _ in kept.waiting):
            raise ValueError(f"the scales or the examples are not of {kinds} kinds")
        model._scales = [
            Scale(kept.names, *(numbers_of(column, len(kept.names)) for column in columns)) for columns in kept.scales
        ]
        if kept.places:
            model._landmarks = landmarks_of(kept)
        model._waiting = [(numbers_of(vector, len(vector) // 8), kind, label) for vector, kind, label in kept.waiting]
        size = len(model._prior().mean)
        upper = triangle_of(kept.covariance, size, np.triu_indices(size))
        model._posterior = Posterior(numbers_of(kept.mean, size), upper + np.triu(upper, 1).T)
        return model
