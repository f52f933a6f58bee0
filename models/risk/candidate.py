"""What every online model is that may be compared: it foretells from named features, then learns what came."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, Protocol, Self, runtime_checkable

UNLEARNED = 0.05
"""The probability before the first example: the worst is rare."""


class Candidate(Protocol):
    """One online model. `predict` changes nothing; equal examples in equal order give equal predictions.

    It is begun with the names of all features there are; a feature that is not known is absent from a mapping.
    """

    name: ClassVar[str]

    def __init__(self, names: Sequence[str]) -> None: ...

    def predict(self, features: Mapping[str, float]) -> float:
        """The probability that the worst comes, 0 to 1; told before the first example too."""

    def learn(self, features: Mapping[str, float], label: bool) -> None:
        """Takes one more example."""


@runtime_checkable
class Encodable(Candidate, Protocol):
    """A candidate whose state has an explicit form: it can be kept, published and taken up again."""

    def encode(self) -> bytes:
        """All that was learned: equal bytes for equal models."""

    @classmethod
    def decode(cls, encoded: bytes) -> Self:
        """The model again, as if nothing had been; raises msgspec.MsgspecError or ValueError on another form."""
