"""How the learner teaches the near-term model: each example comes with its label."""

import math

import msgspec
from msgspec import Struct, field

from models.events import Example, Origin
from models.instants import instant_of
from models.risk.features import VALUES
from models.risk.gate import Gate, Kind, Question, Standing, Told
from models.risk.labels import HORIZON
from models.risk.model import ModelState, OnlineModel, weights_of
from models.risk.shift import Shift
from models.risk.subgroups import groups_of

KEY = b"deterioration"
_DECIMALS = 6
_FURTHEST_VALUE = 1e6
_LEAST_EXAMPLES = 100
_MOST_EXAMPLES = 2_000
_GROWTH = 20


class _State(Struct):
    model: ModelState
    standing: Standing
    shift: Shift = field(default_factory=Shift)


class NearTerm:
    """The near-term model as it learns: try, learn, and now and then publish what is no worse."""

    def __init__(self, by: str, origin: Origin) -> None:
        self.shift = Shift()
        self.gate = Gate(_KIND, by, origin)
        self._model = OnlineModel()

    def learn(self, example: Example, offset: int) -> bool:
        """Takes one example; False when it holds what no feature can be, and teaches nothing."""
        known = [example.features[name] for name in VALUES if name in example.features]
        if not all(math.isfinite(each) and abs(each) <= _FURTHEST_VALUE for each in known):
            return False
        at = instant_of(example.at)
        groups = groups_of(_age(example), example.sex, example.ward)
        foretold = self.gate.judge(
            Question(at, at + HORIZON, example.known_points, groups, example.features), example.label
        )
        if foretold is not None:
            self.shift.score(*foretold)
        self._model.learn(example.features, example.label)
        self.shift.learn(example.features)
        self.gate.learned(at, instant_of(example.known_at), example.label)
        if self.gate.is_due:
            self._decide(offset)
        return True

    def _decide(self, offset: int) -> None:
        if self.gate.decide():
            self.shift.publish()
        self.gate.freeze(offset, msgspec.msgpack.encode(self._model.state()))
        self.shift.freeze()

    def entries(self) -> list[tuple[bytes, bytes | None]]:
        """The whole state as its one entry."""
        state = _State(self._model.state(), self.gate.standing, self.shift)
        return [(KEY, msgspec.msgpack.encode(state))]

    def restore(self, _key: bytes, value: bytes) -> None:
        """Takes the state back; raises msgspec.MsgspecError."""
        state = msgspec.msgpack.decode(value, type=_State)
        self._model, self.shift = OnlineModel(state.model), state.shift
        self.gate.restore(state.standing)


def _age(example: Example) -> float | None:
    decades = example.features.get("age.decades")
    return None if decades is None else round(10 * decades, 2)


def _state(frozen: bytes) -> ModelState:
    return msgspec.msgpack.decode(frozen, type=ModelState)


def _told(frozen: bytes) -> Told:
    state = _state(frozen)
    return Told(round(state.intercept, _DECIMALS), weights_of(state))


_KIND = Kind(
    name="deterioration",
    taken_up=lambda frozen: OnlineModel(_state(frozen)),
    told=_told,
    least=_LEAST_EXAMPLES,
    most=_MOST_EXAMPLES,
    growth=_GROWTH,
)
