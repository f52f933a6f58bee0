"""A model of whole stays as it is published: what scoring needs, and none of the learner's doubts.

What the learner believes of every pair of weights takes 7 MB; of that only the means are told. They are a straight
line, as weights of features, and a curve over the newest values and means: so high at each of some hundred imagined
patients, and the less there the less like one a patient is.
"""

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
from msgspec import Struct

from models.events import Driver, StayRisk, Weight
from models.risk.bayesian import Expected
from models.risk.landmarks import Numbers
from models.risk.prediction import UnusableModel
from models.risk.scale import Scale
from models.risk.stay_features import ELAPSED, MEASURED, NAMES, newest, sign_of

FORM = 1
_DECIMALS = 6  # As published: far finer than what one example changes.
_LEAST_SPREAD = 1e-4
_FURTHEST = 3.5  # Spreads, as the learner clips.
_FURTHEST_VALUE = 1e6
_FURTHEST_LOGIT = 30.0
_GREATEST = 1e9  # With it, whatever a curve holds stays finite.
_DRIVERS = 5
_LEAST_EFFECT = 0.01


class Curve(Struct, frozen=True, array_like=True):
    """All columns are little-endian floats of 4 bytes; the curve is over the first `curved` features.

    `scales` has for each kind of example the mean of each feature, and 1 over its spread (0 where it has none);
    `marks` says what hour each kind is of. `width` is the squared distance, a feature, at which patients are half
    alike. `heights` are the log-odds at each landmark, `places` where each lies; both are empty before any is drawn.
    """

    form: int
    marks: tuple[float, ...]
    scales: list[tuple[bytes, bytes]]
    curved: int
    width: float
    heights: bytes
    places: bytes


class Form(Struct, frozen=True, array_like=True):
    """All that is published of what was learned."""

    intercept: float
    weights: list[Weight]
    curve: bytes


def form_of(expected: Expected, marks: Sequence[float], width: float) -> Form:
    """A model that learns, as it is published: equal models give equal bytes."""
    curve = Curve(
        FORM,
        tuple(marks),
        [(_column(scale.mean), _column(_steps(scale))) for scale in expected.scales],
        expected.places.shape[1],
        width,
        _column(expected.heights),
        _column(expected.places),
    )
    return Form(round(expected.intercept, _DECIMALS), _weights(expected), msgspec.msgpack.encode(curve))


class StayPredictor:
    """Foretells from features by name and explains, and never learns. Raises UnusableModel."""

    def __init__(self, version: int, form: Form) -> None:
        self.version = version
        self._intercept = form.intercept
        names = [weight.feature for weight in form.weights]
        if unknown := set(names) - set(NAMES):
            raise UnusableModel(f"version {version} weighs {min(unknown)!r}, which is no feature that is known here")
        self._names, self._straight = names, np.array([weight.weight for weight in form.weights], dtype=float)
        try:
            self._take(msgspec.msgpack.decode(form.curve, type=Curve))
        except (msgspec.MsgspecError, ValueError) as error:
            raise UnusableModel(f"version {version} has a curve that can't be read: {error}") from error
        self._elapsed = names.index(ELAPSED) if ELAPSED in names else None
        signs = [sign_of(name) for name in names]
        self._signs = list(dict.fromkeys(signs))
        self._sign_of_each = np.array([self._signs.index(sign) for sign in signs], dtype=np.intp)
        curved = signs[: len(self._places)]
        begins = [place for place, sign in enumerate(curved) if place == 0 or sign != curved[place - 1]]
        ends = [*begins[1:], len(curved)]
        self._spans = [(self._signs.index(curved[begin]), begin, end) for begin, end in zip(begins, ends, strict=True)]

    def _take(self, curve: Curve) -> None:
        count, landmarks = len(self._names), len(curve.heights) // 4
        if curve.form != FORM or not 0 <= curve.curved <= count or not len(curve.marks) == len(curve.scales) > 0:
            raise ValueError(f"not of form {FORM}")
        self._marks = np.array(curve.marks, dtype=float)
        self._scales = [(_numbers(mean, count), _numbers(steps, count)) for mean, steps in curve.scales]
        self._heights = _numbers(curve.heights, landmarks)
        places = _numbers(curve.places, landmarks * curve.curved).reshape(landmarks, curve.curved)
        self._places = np.ascontiguousarray(places.T)  # One row a feature, so that whole rows are added.
        self._squares = self._places**2
        self._room = np.empty_like(self._places)  # Made once, for making it takes longer than filling it.
        self._reach = curve.width * max(curve.curved, 1)
        if not self._reach > 0:
            raise ValueError("it is not wide")

    def predict(self, features: Mapping[str, float]) -> float:
        """The probability of death in this stay, 0 to 1."""
        scaled = self._scaled(features)
        return _probability(self._log_odds(scaled, self._curve(self._apart(scaled))))

    def foretell(self, features: Mapping[str, float]) -> StayRisk:
        """The same to four decimals, what moves it most, and on how much it rests."""
        scaled = self._scaled(features)
        apart = self._apart(scaled)
        curve = self._curve(apart)
        log_odds = self._log_odds(scaled, curve)
        drivers = self._drivers(self._effects(scaled, apart, curve), features)
        ages = [features[name] for sign in MEASURED if (name := f"{sign}.age_hours") in features]
        return StayRisk(
            version=self.version,
            probability=round(_probability(log_odds), 4),
            hours=round(features[ELAPSED], 2),
            known=len(ages),
            of=len(MEASURED),
            newest_hours=round(float(np.expm1(min(ages))), 2) if ages else None,
            drivers=drivers,
            rest=round(log_odds - sum([driver.effect for driver in drivers]), 2),
        )

    def _scaled(self, features: Mapping[str, float]) -> Numbers:
        """All features in spreads from the mean of their kind, 0 where one is not known; the hour by its place."""
        hour = features.get(ELAPSED, 0.0)
        kind = int(np.argmin(np.abs(self._marks - hour)))
        mean, steps = self._scales[kind]
        unknown = float("nan")
        found = np.fromiter((features.get(name, unknown) for name in self._names), float, len(self._names))
        found[~(np.abs(found) <= _FURTHEST_VALUE)] = unknown
        scaled: Numbers = np.clip(np.nan_to_num((found - mean) * steps), -_FURTHEST, _FURTHEST)
        if self._elapsed is not None:
            count = len(self._marks)
            scaled[self._elapsed] = (kind - (count - 1) / 2) / (np.sqrt((count * count - 1) / 12) or 1.0)
        return scaled

    def _apart(self, scaled: Numbers) -> Numbers:
        """How far each landmark is, squared, feature by feature."""
        np.subtract(self._places, scaled[: len(self._places), None], out=self._room)
        return np.square(self._room, out=self._room)

    def _curve(self, apart: Numbers) -> float:
        """What the curve adds to the log-odds."""
        return self._height(np.einsum("ij->j", apart))

    def _height(self, distances: Numbers) -> float:
        return float(np.einsum("j,j->", self._heights, 1 / (1 + distances / self._reach)))

    def _log_odds(self, scaled: Numbers, curve: float) -> float:
        log_odds = self._intercept + float(np.einsum("i,i->", self._straight, scaled)) + curve
        return min(max(log_odds, -_FURTHEST_LOGIT), _FURTHEST_LOGIT)

    def _effects(self, scaled: Numbers, apart: Numbers, curve: float) -> Numbers:
        """By how much each sign moves the log-odds, against a patient who is the same but for the mean of that sign.

        Of the straight line the effects add up; those of the curve need not, and what is left over is told as rest.
        """
        effects: Numbers = np.zeros(len(self._signs))
        np.add.at(effects, self._sign_of_each, self._straight * scaled)
        if len(self._heights):
            whole = np.einsum("ij->j", apart)
            moved = np.subtract(self._squares, apart, out=self._room)
            for sign, begin, end in self._spans:
                without = whole + np.einsum("ij->j", moved[begin:end])
                effects[sign] += curve - self._height(without)
        return effects

    def _drivers(self, effects: Numbers, features: Mapping[str, float]) -> list[Driver]:
        """The signs with the greatest effects either way, the greatest first; how long the stay lasts is none."""
        ranked = sorted(zip(self._signs, effects.tolist(), strict=True), key=lambda each: (-abs(each[1]), each[0]))
        return [
            Driver(sign=sign, value=newest(features, sign), effect=round(effect, 2))
            for sign, effect in [each for each in ranked if each[0] != sign_of(ELAPSED)][:_DRIVERS]
            if abs(effect) >= _LEAST_EFFECT
        ]


def _weights(expected: Expected) -> list[Weight]:
    """The straight line, each feature with its mean and spread over all kinds together, for people to read."""
    counts = np.sum([scale.count for scale in expected.scales], axis=0)
    whole = np.maximum(counts, 1)
    means = np.sum([scale.count * scale.mean for scale in expected.scales], axis=0) / whole
    spreads = np.sqrt(np.sum([scale.squares for scale in expected.scales], axis=0) / whole)
    return [
        Weight(feature=name, weight=round(weight, _DECIMALS), mean=round(mean, _DECIMALS), spread=round(spread, 6))
        for name, weight, mean, spread in zip(
            expected.scales[0].names, expected.straight.tolist(), means.tolist(), spreads.tolist(), strict=True
        )
    ]


def _steps(scale: Scale) -> Numbers:
    """1 over each spread; 0 for a feature that never varied."""
    spread = np.sqrt(scale.squares / np.maximum(scale.count, 1))
    steps: Numbers = np.where(spread > _LEAST_SPREAD, 1 / np.maximum(spread, _LEAST_SPREAD), 0.0)
    return steps


def _probability(log_odds: float) -> float:
    return float(1 / (1 + np.exp(-log_odds)))


def _column(numbers: Numbers) -> bytes:
    return numbers.astype("<f4").tobytes()


def _numbers(column: bytes, count: int) -> Numbers:
    """So many numbers; raises ValueError on bytes of another length, or when one is too great to reckon with."""
    found = np.frombuffer(column, "<f4").astype(float)
    if len(found) != count or not (np.abs(found) <= _GREATEST).all():
        raise ValueError(f"a column of {len(found)} numbers, not of {count} up to {_GREATEST:g}")
    return found
