"""How far a value is from this patient's own usual, learned online (River) from what is usual in adults on."""

import math

from msgspec import Struct
from river import stats

from models.vital_signs.sign import Usual

_PRIOR_WEIGHT = 2.0
_LONGEST_MEMORY = 500.0
_FURTHEST_LEARNED = 3.0


class Baseline(Struct):
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
        return max(math.sqrt(self.squares / (self.weight - 1)), floor)

    def z(self, value: float, floor: float) -> float:
        """Signed distance from the usual, in spreads."""
        return (value - self.mean) / self.spread(floor)

    def learn(self, value: float, floor: float) -> None:
        """Takes one more value into the picture; the first one takes the place of the prior's mean."""
        if self.learned == 0:
            self.mean = value
        reach = _FURTHEST_LEARNED * self.spread(floor)
        value = min(max(value, self.mean - reach), self.mean + reach)
        weight = min(self.weight, _LONGEST_MEMORY - 1)
        running = stats.Var._from_state(weight, self.mean, self.squares / (self.weight - 1))
        running.update(value)
        self.weight, self.mean = running.n, running.mean.get()
        self.squares = running.get() * (self.weight - 1)
        self.learned += 1
