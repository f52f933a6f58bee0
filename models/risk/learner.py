"""The learner as a fold over the examples: foretell, count, learn, and now and then publish what is no worse."""

import math
from collections.abc import Mapping

import msgspec
from msgspec import Struct, field

from models.checkpoints import BadCheckpoint
from models.events import Example, ModelPublished, Origin
from models.risk.features import VALUES
from models.risk.model import ModelState, OnlineModel, weights_of
from models.risk.progress import Progress, loss

FORM = 1
_STATE = b"learner"
_LEAST_EXAMPLES = 100
_MOST_EXAMPLES = 2_000
_GROWTH = 20
_LEAST_OF_EACH = 10
_FURTHEST_VALUE = 1e6
_examples = msgspec.json.Decoder(Example)


class _Trial(Struct, array_like=True):
    """How the model does against the version in force on the same examples, since the last decision."""

    examples: int = 0
    loss: float = 0.0
    loss_in_force: float = 0.0


class _State(Struct):
    """All that the learner remembers; `published` is the version in force with the model that it came from."""

    model: ModelState
    progress: Progress = field(default_factory=Progress)
    trial: _Trial = field(default_factory=_Trial)
    published: ModelPublished | None = None
    in_force: ModelState | None = None
    unusable: int = 0
    held_back: int = 0


class Learner:
    """State of the learner, and its one way forward: `advance`; equal examples in equal order give equal bytes."""

    def __init__(self, *, by: str = "learner", origin: Origin = "live") -> None:
        self._by = by
        self._origin: Origin = origin
        self._model = OnlineModel()
        self._in_force: OnlineModel | None = None
        self._state = _State(self._model.state())

    @property
    def published(self) -> ModelPublished | None:
        """The version in force, as it is to be published; it may be published again at any time."""
        return self._state.published

    @property
    def progress(self) -> Progress:
        """How well examples were foretold so far."""
        return self._state.progress

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
        example = _decode(value)
        if example is None:
            self._state.unusable += 1
            return
        self._count(example)
        self._model.learn(example.features, example.label)
        if self._is_due():
            self._decide(example, offset)

    def _count(self, example: Example) -> None:
        state, label = self._state, example.label
        foretold = self._model.predict(example.features)
        state.trial.examples += 1
        state.trial.loss += loss(foretold, label)
        state.trial.loss_in_force += loss(self._foretold_in_force(example.features), label)
        state.progress.count(foretold, example.known_points, label)

    def _foretold_in_force(self, values: Mapping[str, float]) -> float:
        """What the version in force says or, while there is none, how often it came to the worst so far."""
        if self._in_force is not None:
            return self._in_force.predict(values)
        progress = self._state.progress
        return (progress.positives + 1) / (progress.examples + 2)

    def _is_due(self) -> bool:
        """Whether enough is new to decide: the more is known, the less one example changes."""
        enough = min(max(self._state.progress.examples // _GROWTH, _LEAST_EXAMPLES), _MOST_EXAMPLES)
        return self._state.trial.examples >= enough

    def _decide(self, example: Example, offset: int) -> None:
        """Publishes the model, unless it got worse than the version in force or has seen too little."""
        state = self._state
        progress, trial = state.progress, state.trial
        state.trial = _Trial()
        if min(progress.positives, progress.examples - progress.positives) < _LEAST_OF_EACH:
            return
        if trial.loss > trial.loss_in_force:
            state.held_back += 1
            return
        state.in_force = self._model.state()
        self._in_force = OnlineModel(state.in_force)
        state.published = ModelPublished(
            version=offset,
            at=example.known_at,
            by=self._by,
            intercept=round(state.in_force.intercept, 6),
            weights=weights_of(state.in_force),
            quality=progress.quality(),
            origin=self._origin,
        )

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
            self._take(msgspec.msgpack.decode(value[1:], type=_State))
        except msgspec.MsgspecError as error:
            raise BadCheckpoint(f"entry {key!r} can't be read: {error}") from error

    def _take(self, state: _State) -> None:
        self._state = state
        self._model = OnlineModel(state.model)
        self._in_force = None if state.in_force is None else OnlineModel(state.in_force)


def _decode(value: bytes) -> Example | None:
    """One example, or nothing when it is none or holds what no feature can be."""
    try:
        example = _examples.decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    known = [example.features[name] for name in VALUES if name in example.features]
    is_usable = all(math.isfinite(each) and abs(each) <= _FURTHEST_VALUE for each in known)
    return example if is_usable else None
