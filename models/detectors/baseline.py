"""How far a value is from this patient's own usual, learned online from what is usual in adults on."""

import math

from msgspec import Struct

from models.vital_signs.sign import Usual

_PRIOR_WEIGHT = 2.0
_LONGEST_MEMORY = 500.0
_FURTHEST_LEARNED = 3.0


class Baseline(Struct, frozen=True, gc=False):
    """Running mean and sum of squares of one vital sign of one patient; `learned` counts its real values.

    It is useful before the first value (the adult's usual), follows a patient who changes (at most 500 values weigh),
    and learns an odd value only as far as 3 spreads out, so that one artefact does not hide the next.
    """

    weight: float
    mean: float
    squares: float
    learned: int = 0

    @classmethod
    def prior(cls, usual: Usual) -> "Baseline":
        """What is believed before the first value."""
        return cls(_PRIOR_WEIGHT, float(usual.mean), float(usual.spread**2 * (_PRIOR_WEIGHT - 1)))

    def spread(self, floor: float) -> float:
        """Standard deviation in the sign's unit, never under the sign's floor."""
        spread = math.sqrt(self.squares / (self.weight - 1))
        if spread < floor:
            return floor
        return spread

    def z(self, value: float, floor: float) -> float:
        """Signed distance from the usual, in spreads."""
        return (value - self.mean) / self.spread(floor)

    def learning(self, value: float, spread: float) -> "Baseline":
        """The baseline with one more value; the first one takes the place of the prior's mean.

        `spread` is that of this baseline, which whoever scored the value knows already. Mean and variance are updated
        as River's `stats.Var` does it, to the last bit.
        """
        before = value if self.learned == 0 else self.mean
        variance = self.squares / (self.weight - 1)
        reach = _FURTHEST_LEARNED * spread
        if value < before - reach:
            value = before - reach
        elif value > before + reach:
            value = before + reach
        weight = self.weight
        if weight > _LONGEST_MEMORY - 1:
            weight = _LONGEST_MEMORY - 1
        mean = before + (1.0 / (weight + 1.0)) * (value - before)
        squares = (weight - 1) * variance + (value - before) * (value - mean)
        return Baseline(weight + 1.0, mean, squares / weight * weight, self.learned + 1)
