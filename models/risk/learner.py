"""The learner as a fold over the examples: try, learn, and now and then publish what is no worse.

A candidate is frozen and tried on examples that were looked at only after all that it learned was known: patients look
alike from hour to hour, so a model that has just learned a patient's last hour would seem to foretell the next one.
"""

import heapq
import math
from collections.abc import Mapping

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from models.checkpoints import BadCheckpoint
from models.events import Example, ModelPublished, Origin
from models.instants import instant_of, moment_of
from models.risk.features import VALUES
from models.risk.labels import HORIZON
from models.risk.lesson import Lesson
from models.risk.model import ModelState, OnlineModel, weights_of
from models.risk.progress import Progress, loss
from models.risk.shift import Shift
from models.risk.subgroups import Subgroups, groups_of

FORM = 2
_STATE = b"learner"
_LEAST_EXAMPLES = 100
_MOST_EXAMPLES = 2_000
_GROWTH = 20
_LEAST_OF_EACH = 10
_DECIMALS = 6
_FURTHEST_VALUE = 1e6
_examples = msgspec.json.Decoder(Example)


class _Frozen(Struct, array_like=True):
    """A model as it was after the example at offset `version`; `known_at`: no label that it learned is later."""

    version: int
    known_at: int
    lesson: Lesson
    model: ModelState


_Forecast = tuple[int, float, float, int, bool, str, str]
"""When it counts, what the candidate and the version in force foretold, known points, what came, age band, sex."""


class _Trial(Struct, array_like=True):
    """Log loss of the candidate, and of the version in force on the same examples.

    `waiting` holds forecasts until a quiet course would be known too: bad news comes first, and would weigh too much.
    """

    examples: int = 0
    loss: float = 0.0
    loss_in_force: float = 0.0
    waiting: list[_Forecast] = field(default_factory=list)


class _State(Struct):
    """All that the learner remembers."""

    model: ModelState
    lesson: Lesson = field(default_factory=Lesson)
    known_at: int = 0
    unusable: int = 0
    held_back: int = 0
    progress: Progress = field(default_factory=Progress)
    subgroups: Subgroups = field(default_factory=Subgroups)
    shift: Shift = field(default_factory=Shift)
    candidate: _Frozen | None = None
    trial: _Trial = field(default_factory=_Trial)
    in_force: _Frozen | None = None
    published: ModelPublished | None = None


class Learner:
    """State of the learner, and its one way forward: `advance`; equal examples in equal order give equal bytes."""

    def __init__(self, *, by: str = "learner", origin: Origin = "live") -> None:
        self._by = by
        self._origin: Origin = origin
        self._model = OnlineModel()
        self._candidate: OnlineModel | None = None
        self._in_force: OnlineModel | None = None
        self._state = _State(self._model.state())

    @property
    def published(self) -> ModelPublished | None:
        """The version in force, as it is to be published; it may be published again at any time."""
        return self._state.published

    @property
    def progress(self) -> Progress:
        """How well the candidates did in their trials so far."""
        return self._state.progress

    @property
    def shift(self) -> Shift:
        """How far the patients of now are from those that the version in force learned from."""
        return self._state.shift

    @property
    def learned(self) -> int:
        """How many examples were learned."""
        return self._state.lesson.examples

    @property
    def positives(self) -> int:
        """Of how many of them the worst came."""
        return self._state.lesson.positives

    @property
    def held_back(self) -> int:
        """How often a model that got worse was not published."""
        return self._state.held_back

    @property
    def unusable(self) -> int:
        """How many records were no examples."""
        return self._state.unusable

    def advance(self, value: bytes, *, offset: int, key: bytes | None = None) -> None:
        """Learns one example; what is none is counted and passed over."""
        example, state = _decode(value), self._state
        if example is None:
            state.unusable += 1
            return
        self._try(example)
        self._model.learn(example.features, example.label)
        state.shift.learn(example.features)
        state.lesson.take(instant_of(example.at), example.label)
        state.known_at = max(state.known_at, instant_of(example.known_at))
        self._count()
        if self._is_due():
            self._decide()
            self._freeze(offset)

    def _try(self, example: Example) -> None:
        """Tells the candidate from the version in force, if neither can know anything of the example yet."""
        state = self._state
        if state.candidate is None or self._candidate is None or instant_of(example.at) < state.candidate.known_at:
            return
        foretold = self._candidate.predict(example.features)
        in_force = self._foretold_in_force(example.features)
        state.shift.score(foretold, in_force)
        counts_at = instant_of(example.at) + HORIZON
        forecast = (counts_at, foretold, in_force, example.known_points, example.label, *groups_of(example))
        heapq.heappush(state.trial.waiting, forecast)

    def _count(self) -> None:
        """Counts the forecasts of which anything would be known by now."""
        state, trial = self._state, self._state.trial
        while trial.waiting and trial.waiting[0][0] <= state.known_at:
            _, foretold, in_force, known_points, label, *groups = heapq.heappop(trial.waiting)
            trial.examples += 1
            trial.loss += loss(foretold, label)
            trial.loss_in_force += loss(in_force, label)
            state.progress.count(foretold, known_points, label)
            state.subgroups.count(groups, foretold, known_points, label)

    def _foretold_in_force(self, values: Mapping[str, float]) -> float:
        """What the version in force says or, while there is none, how often it came to the worst so far."""
        if self._in_force is not None:
            return self._in_force.predict(values)
        return (self.positives + 1) / (self.learned + 2)

    def _is_due(self) -> bool:
        """Whether there is enough for a first candidate, or to decide: the more is known, the longer a trial."""
        state = self._state
        if state.candidate is None:
            return min(self.positives, self.learned - self.positives) >= _LEAST_OF_EACH
        enough = min(max(self.learned // _GROWTH, _LEAST_EXAMPLES), _MOST_EXAMPLES)
        return state.trial.examples >= enough

    def _decide(self) -> None:
        """Publishes the candidate, unless it did worse than the version in force."""
        state, candidate = self._state, self._state.candidate
        if candidate is None:
            return
        if state.trial.loss > state.trial.loss_in_force:
            state.held_back += 1
            return
        state.in_force, self._in_force = candidate, self._candidate
        state.shift.publish()
        state.published = ModelPublished(
            version=candidate.version,
            at=moment_of(candidate.known_at),
            by=self._by,
            intercept=round(candidate.model.intercept, _DECIMALS),
            weights=weights_of(candidate.model),
            quality=state.progress.quality(),
            learned=candidate.lesson.told(),
            subgroups=state.subgroups.told(state.progress),
            origin=self._origin,
        )

    def _freeze(self, offset: int) -> None:
        """Makes the model as it is now the candidate, and begins its trial."""
        state = self._state
        state.candidate = _Frozen(offset, state.known_at, replace(state.lesson), self._model.state())
        self._candidate = OnlineModel(state.candidate.model)
        state.trial = _Trial()
        state.shift.freeze()

    # --- Checkpoints -------------------------------------------------------------------------------------------------

    def changed(self) -> list[tuple[bytes, bytes]]:
        """The whole state as its one entry."""
        self._state.model = self._model.state()
        return [(_STATE, bytes([FORM]) + msgspec.msgpack.encode(self._state))]

    def restore(self, key: bytes, value: bytes) -> None:
        """Takes the state back. Raises BadCheckpoint."""
        if key != _STATE or not value or value[0] != FORM:
            raise BadCheckpoint(f"entry {key!r} is not of the learner, or not of form {FORM}")
        try:
            state = self._state = msgspec.msgpack.decode(value[1:], type=_State)
        except msgspec.MsgspecError as error:
            raise BadCheckpoint(f"entry {key!r} can't be read: {error}") from error
        self._model = OnlineModel(state.model)
        self._candidate = None if state.candidate is None else OnlineModel(state.candidate.model)
        self._in_force = None if state.in_force is None else OnlineModel(state.in_force.model)


def _decode(value: bytes) -> Example | None:
    """One example, or nothing when it is none or holds what no feature can be."""
    try:
        example = _examples.decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    known = [example.features[name] for name in VALUES if name in example.features]
    is_usable = all(math.isfinite(each) and abs(each) <= _FURTHEST_VALUE for each in known)
    return example if is_usable else None
