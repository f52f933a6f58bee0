"""Linear models of River's on standardised features, with an explicit form to keep and to publish."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any, Self

import msgspec
import numpy as np
from msgspec import Struct

from models.risk.columns import bytes_of, numbers_of
from models.risk.standardising import Standardiser

FORM = 1


class _Kept(Struct, array_like=True):
    """A model in its own form: names in their order, and columns of numbers.

    `steps` is what the optimiser holds of each weight, empty for a model that has none.
    """

    form: int
    names: list[str]
    seen: tuple[bytes, bytes, bytes]
    intercept: float
    weights: bytes
    steps: bytes


class Linear(ABC):
    """What they share: features on one scale in, and a state that is a few numbers a feature."""

    def __init__(self, names: Sequence[str]) -> None:
        self._standardiser = Standardiser(names)
        self._model = self._begun()

    @abstractmethod
    def _begun(self) -> Any:  # River ships no types.
        """A model of River's that has learned nothing."""

    @abstractmethod
    def predict(self, features: Mapping[str, float]) -> float:
        """The probability that the worst comes."""

    def learn(self, features: Mapping[str, float], label: bool) -> None:
        """Takes one more example."""
        self._standardiser.learn(features)
        self._model.learn_one(self._standardiser.named(features), label)

    def encode(self) -> bytes:
        """All that was learned: equal bytes for equal models."""
        names, steps = self._standardiser.names, self._steps
        kept = _Kept(
            FORM,
            list(names),
            self._standardiser.columns(),
            float(self._model.intercept),
            _column(names, self._weights),
            b"" if steps is None else _column(names, steps),
        )
        return msgspec.msgpack.encode(kept)

    @classmethod
    def decode(cls, encoded: bytes) -> Self:
        """The model again, as if nothing had been; raises msgspec.MsgspecError or ValueError on another form."""
        kept = msgspec.msgpack.decode(encoded, type=_Kept)
        if kept.form != FORM:
            raise ValueError(f"a model of form {kept.form}, this version reads form {FORM}")
        again = cls(kept.names)
        again._standardiser = Standardiser.of_columns(kept.names, kept.seen)
        again._model.intercept = kept.intercept
        again._weights.update(_named(kept.names, kept.weights))
        if again._steps is not None:
            again._steps.update(_named(kept.names, kept.steps))
        return again

    @property
    def _weights(self) -> MutableMapping[str, float]:
        weights: MutableMapping[str, float] = self._model._weights
        return weights

    @property
    def _steps(self) -> MutableMapping[str, float] | None:
        """The sums of squared gradients that AdaGrad divides by."""
        steps: MutableMapping[str, float] = self._model.optimizer.g2
        return steps


def _column(names: Sequence[str], held: Mapping[str, float]) -> bytes:
    return bytes_of(np.array([held.get(name, 0.0) for name in names], dtype=float))


def _named(names: Sequence[str], column: bytes) -> dict[str, float]:
    return dict(zip(names, numbers_of(column, len(names)).tolist(), strict=True))
