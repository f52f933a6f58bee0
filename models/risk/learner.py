"""The learner as a fold over the examples of both models: each is tried, learns, and is published when no worse."""

import msgspec

from models.checkpoints import BadCheckpoint
from models.events import Example, ModelName, ModelPublished, Origin, StayEnded, StayExample
from models.risk import near_term, whole_stay
from models.risk.gate import Gate
from models.risk.near_term import NearTerm
from models.risk.whole_stay import WholeStay

FORM = 3
_SHARED = b"learner"
_examples = msgspec.json.Decoder(Example | StayExample | StayEnded)


class Learner:
    """State of the learner, and its one way forward: `advance`; equal examples in equal order give equal bytes."""

    def __init__(self, *, by: str = "learner", origin: Origin = "live") -> None:
        self.near_term = NearTerm(by, origin)
        self.stay = WholeStay(by, origin)
        self.unusable = 0
        """How many records were no examples."""

    @property
    def gates(self) -> dict[ModelName, Gate]:
        """The gate of each model."""
        return {"deterioration": self.near_term.gate, "stay": self.stay.gate}

    @property
    def published(self) -> list[ModelPublished]:
        """The versions in force, as they are to be published; each may be published again at any time."""
        found = [gate.standing.published for gate in self.gates.values()]
        return [published for published in found if published is not None]

    def advance(self, value: bytes, *, offset: int, key: bytes | None = None) -> None:
        """Takes one record of the examples; what is none is counted and passed over."""
        try:
            event = _examples.decode(value)
        except (msgspec.DecodeError, UnicodeDecodeError):
            self.unusable += 1
            return
        match event:
            case Example():
                self.unusable += not self.near_term.learn(event, offset)
            case StayExample():
                self.unusable += not self.stay.wait(event)
            case StayEnded():
                self.stay.end(event, offset)

    # --- Checkpoints -------------------------------------------------------------------------------------------------

    def changed(self) -> list[tuple[bytes, bytes | None]]:
        """The entries that changed since the last call, by key; None for one that is no more."""
        shared: list[tuple[bytes, bytes | None]] = [(_SHARED, msgspec.msgpack.encode(self.unusable))]
        entries = shared + self.near_term.entries() + self.stay.entries()
        return [(key, None if value is None else bytes([FORM]) + value) for key, value in entries]

    def restore(self, key: bytes, value: bytes) -> None:
        """Takes one entry back. Raises BadCheckpoint."""
        if not value or value[0] != FORM:
            raise BadCheckpoint(f"entry {key!r} is not of the learner, or not of form {FORM}")
        try:
            self._take_back(key, value[1:])
        except (msgspec.MsgspecError, ValueError) as error:
            raise BadCheckpoint(f"entry {key!r} can't be read: {error}") from error

    def _take_back(self, key: bytes, value: bytes) -> None:
        if key == _SHARED:
            self.unusable = msgspec.msgpack.decode(value, type=int)
        elif key == near_term.KEY:
            self.near_term.restore(key, value)
        elif key.startswith(whole_stay.KEY):
            self.stay.restore(key, value)
        else:
            raise ValueError("of no known kind")
