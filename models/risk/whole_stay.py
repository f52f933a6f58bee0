"""How the learner teaches the model of whole stays: examples wait, for each patient, until the stay has ended."""

import math
from collections.abc import Mapping
from typing import Literal

import msgspec
import numpy as np
from msgspec import Struct

from models.events import Origin, StayEnded, StayExample
from models.instants import instant_of
from models.risk.candidates.bayesian_regression import BayesianRegression
from models.risk.gate import Gate, Kind, Question, Standing, Told
from models.risk.stay_features import ASKED_AT, NAMES, complete
from models.risk.stay_model import Form, StayPredictor, form_of
from models.risk.subgroups import groups_of

KEY = b"stay"
_MODEL = KEY + b"/model"
_WAITING = KEY + b"/waiting/"
MOST_WAITING = 5_000
_FURTHEST_VALUE = 1e6
_LEAST_EXAMPLES = 200
_MOST_EXAMPLES = 10_000
_GROWTH = 10


class _Look(Struct, array_like=True):
    """One example that waits: when it was looked at, known points, sex, ward, and its features in few bytes."""

    at: int
    known_points: int
    sex: str | None
    ward: str | None
    packed: bytes


class _Waiting(Struct, array_like=True):
    """The examples of one stay that has not ended."""

    admitted_at: int
    looks: list[_Look]


class Dropped(Struct, array_like=True):
    """How many stays taught nothing: too many waited; another stay of the patient began; nobody knows how it ended."""

    too_many: int = 0
    replaced: int = 0
    unknown: int = 0

    def by_reason(self) -> dict[str, int]:
        """The same by name."""
        return {"too-many": self.too_many, "replaced": self.replaced, "unknown-end": self.unknown}


class _State(Struct):
    """What changes with each example, but for the model and for what waits."""

    standing: Standing
    dropped: Dropped
    stays: int


class WholeStay:
    """The model of stays as it learns: wait, try, learn, and now and then publish what is no worse.

    At most so many stays wait as are told; of more the one that was looked at first is dropped, and counted.
    """

    def __init__(self, by: str, origin: Origin, most_waiting: int = MOST_WAITING) -> None:
        self.gate = Gate(_KIND, by, origin)
        self.dropped = Dropped()
        self.stays = 0
        self._most_waiting = most_waiting
        self._model = BayesianRegression(NAMES)
        self._waiting: dict[str, _Waiting] = {}
        self._changed: set[str] = set()
        self._is_state_changed = self._is_model_changed = True

    @property
    def waiting(self) -> int:
        """How many stays wait for their end."""
        return len(self._waiting)

    def wait(self, example: StayExample) -> bool:
        """Keeps one example until its stay ends; False when it holds what no feature can be."""
        if not all(math.isfinite(each) and abs(each) <= _FURTHEST_VALUE for each in example.features.values()):
            return False
        patient_id, admitted_at = example.patient_id, instant_of(example.admitted_at)
        waiting = self._waiting.get(patient_id)
        if waiting is None or waiting.admitted_at != admitted_at:
            if waiting is not None:
                self._drop("replaced")
            waiting = self._waiting[patient_id] = _Waiting(admitted_at, [])
        packed = _pack(example.features)
        look = _Look(instant_of(example.at), example.known_points, example.sex, example.ward, packed)
        waiting.looks.append(look)
        self._changed.add(patient_id)
        if len(self._waiting) > self._most_waiting:
            self._forget(min(self._waiting, key=lambda each: (self._waiting[each].looks[0].at, each)))
            self._drop("too_many")
        return True

    def end(self, ended: StayEnded, offset: int) -> None:
        """Learns what came of a stay: all that was foretold of it is judged first."""
        waiting = self._waiting.get(ended.patient_id)
        if waiting is None or waiting.admitted_at != instant_of(ended.admitted_at):
            return
        self._forget(ended.patient_id)
        if ended.died is None:
            self._drop("unknown")
            return
        known_at = instant_of(ended.at)
        questions = [
            Question(look.at, known_at, look.known_points, groups, features)
            for look in waiting.looks
            for features in (_unpack(look.packed),)
            for groups in (groups_of(features.get("age"), look.sex, look.ward),)
        ]
        for question in questions:
            self.gate.judge(question, ended.died)
        for question in questions:
            self._model.learn(question.features, ended.died)
            self.gate.learned(question.at, known_at, ended.died)
        self.stays += 1
        self._is_state_changed = self._is_model_changed = True
        if self.gate.is_due:
            self.gate.decide()
            self.gate.freeze(offset, msgspec.msgpack.encode(_form(self._model)))

    def _drop(self, reason: Literal["too_many", "replaced", "unknown"]) -> None:
        setattr(self.dropped, reason, getattr(self.dropped, reason) + 1)
        self._is_state_changed = True

    def _forget(self, patient_id: str) -> None:
        del self._waiting[patient_id]
        self._changed.add(patient_id)

    # --- Checkpoints -------------------------------------------------------------------------------------------------

    def entries(self) -> list[tuple[bytes, bytes | None]]:
        """What changed since the last call, by key: 8 MB of it change only when a stay has ended."""
        entries: list[tuple[bytes, bytes | None]] = []
        if self._is_state_changed:
            state = _State(self.gate.standing, self.dropped, self.stays)
            entries.append((KEY, msgspec.msgpack.encode(state)))
        if self._is_model_changed:
            entries.append((_MODEL, self._model.encode()))
        for patient_id in sorted(self._changed):
            waiting = self._waiting.get(patient_id)
            kept = None if waiting is None else msgspec.msgpack.encode(waiting)
            entries.append((_WAITING + patient_id.encode(), kept))
        self._changed.clear()
        self._is_state_changed = self._is_model_changed = False
        return entries

    def restore(self, key: bytes, value: bytes) -> None:
        """Takes one entry back; raises msgspec.MsgspecError or ValueError."""
        if key == _MODEL:
            self._model, self._is_model_changed = BayesianRegression.decode(value), False
        elif key.startswith(_WAITING):
            waiting = msgspec.msgpack.decode(value, type=_Waiting)
            for look in waiting.looks:
                _unpack(look.packed)
            self._waiting[key[len(_WAITING) :].decode()] = waiting
        elif key == KEY:
            state = msgspec.msgpack.decode(value, type=_State)
            self.dropped, self.stays, self._is_state_changed = state.dropped, state.stays, False
            self.gate.restore(state.standing)
        else:
            raise ValueError("no entry of the model of stays")


def _pack(features: Mapping[str, float]) -> bytes:
    """One bit for each feature that is known, then the values in 4 bytes each, little-endian."""
    unknown = math.nan
    column = np.fromiter((features.get(name, unknown) for name in NAMES), "<f4", len(NAMES))
    known = ~np.isnan(column)
    return np.packbits(known).tobytes() + column[known].tobytes()


def _unpack(packed: bytes) -> dict[str, float]:
    """All features again; raises ValueError on bytes of another length."""
    head = (len(NAMES) + 7) // 8
    known = np.unpackbits(np.frombuffer(packed[:head], np.uint8), count=len(NAMES)).astype(bool)
    values = np.frombuffer(packed[head:], "<f4").tolist()
    names = [name for name, is_known in zip(NAMES, known, strict=True) if is_known]
    return complete(dict(zip(names, values, strict=True)))


def _form(model: BayesianRegression) -> Form:
    return form_of(model.expected(), tuple(map(float, ASKED_AT)), 1.0)


def _read(frozen: bytes) -> Form:
    return msgspec.msgpack.decode(frozen, type=Form)


def _told(frozen: bytes) -> Told:
    form = _read(frozen)
    return Told(form.intercept, form.weights, form.curve)


_KIND = Kind(
    name="stay",
    taken_up=lambda frozen: StayPredictor(0, _read(frozen)),
    told=_told,
    least=_LEAST_EXAMPLES,
    most=_MOST_EXAMPLES,
    growth=_GROWTH,
)
