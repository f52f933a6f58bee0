"""One patient's picture: all that the fold remembers of a patient, in one place, and its form in a checkpoint."""

import zlib
from typing import Any

import msgspec
from msgspec import Struct, field

from models.alerting.subject import Subject
from models.detectors.baseline import Baseline
from models.device import Device
from models.events import Direction, Level, Recommendation, RecommendationKind, Sex
from models.history import EMPTY, History
from models.packing import PackedHistory, pack, unpack
from models.vital_signs import SIGNS

FORM = 4
OXYGEN = "oxygen"
CONSCIOUSNESS = "consciousness"
CONTEXT_DEVICE = 255
_MOST_DEVICES = 200
_STATUS_FRESH = SIGNS["67775-7"].fresh_spot


class Vital(Struct, gc=False):
    """One code of one patient.

    `raises` tells whether its current value may raise an alert (it came in time); `far` is on which side, and since
    when, its values are far from the patient's usual. `summary` is what of this stay has been counted into windows, and
    `uncounted` how many values came since.
    """

    history: History = EMPTY
    summary: bytes = b""
    uncounted: int = 0
    raises: bool = True
    baseline: Baseline | None = None
    far: tuple[Direction, int] | None = None


class Observed(Struct, frozen=True, gc=False):
    """The value of one code at one instant, as scores see it."""

    value: float
    at: int
    fresh_until: int
    is_fresh: bool
    is_continuous: bool
    raises: bool


class Known(Struct, gc=False):
    """What contexts told of a patient; None is unknown. `told` is when each field was last told."""

    age: float | None = None
    sex: Sex | None = None
    pregnant: bool | None = None
    spo2_scale: int | None = None
    setting: str | None = None
    ward: str | None = None
    bed: str | None = None
    limits: dict[str, tuple[float | None, float | None]] = field(default_factory=dict)
    conditions: list[str] | None = None
    medication: list[str] | None = None
    told: dict[str, int] = field(default_factory=dict)


class Patient(Subject, gc=False):
    """The learning picture of one patient, who is here since `admitted_at`: the time of the first event of the stay."""

    admitted_at: int = 0
    monitored: bool = True
    ended_by: str | None = None
    ended_at: int = 0
    known: Known = field(default_factory=Known)
    vitals: dict[str, Vital] = field(default_factory=dict)
    devices: dict[str, Device] = field(default_factory=dict)
    points: dict[str, int] | None = None
    signature: list[Any] | None = None
    level: Level | None = None
    scored: bool = False
    proposed: dict[RecommendationKind, Recommendation] = field(default_factory=dict)

    @property
    def patient_id(self) -> str | None:
        """The patient, of whose alerts this tells."""
        return self.id

    @property
    def ward(self) -> str | None:
        """Where the patient is."""
        return self.known.ward

    @property
    def bed(self) -> str | None:
        """Where in the ward the patient lies."""
        return self.known.bed

    def gateway_of(self, device_id: str | None) -> str | None:
        """The gateway through which a device was last heard; None where none was named."""
        device = self.devices.get(device_id or "")
        return None if device is None else device.gateway

    @property
    def applies_to_adults(self) -> bool:
        """Whether adult scores and limits apply: 16 or over, or of unknown age, and not pregnant."""
        return (self.known.age is None or self.known.age >= 16) and not self.known.pregnant

    def vital(self, code: str) -> Vital:
        """This code's memory, begun when it is first asked for."""
        found = self.vitals.get(code)
        if found is None:
            sign = SIGNS.get(code)
            baseline = Baseline.prior(sign.baseline) if sign and sign.baseline else None
            found = self.vitals[code] = Vital(baseline=baseline)
        return found

    def device(self, device_id: str, device_type: str | None, at: int) -> Device:
        """The device of that id; the one heard longest ago gives way when there are too many."""
        found = self.devices.get(device_id)
        if found is None:
            number = len(self.devices)
            if number >= _MOST_DEVICES:
                oldest = min(self.devices, key=lambda name: (self.devices[name].heard, name))
                number = self.devices.pop(oldest).number
            found = self.devices[device_id] = Device(number)
        found.type = device_type or found.type
        found.heard = max(found.heard, at)
        return found

    def is_continuous(self, code: str, number: int) -> bool:
        """Whether the stream of a code from the device of that number counts as continuous now."""
        for device in self.devices.values():
            if device.number == number:
                stream = device.streams.get(code)
                return stream is not None and stream.is_continuous
        return False

    def observe(self, code: str, now: int, *, as_of: int | None = None) -> Observed | None:
        """A code as scores see it at `now`, or as it was at `as_of`; None when never known or told to be unknown."""
        vital = self.vitals.get(code)
        if vital is None:
            return None
        history, index = vital.history, -1
        value, at = history.value, history.at
        if as_of is not None:
            index = history.index_at(as_of)
            if index < 0:
                return None
            value, at = history.values[index], history.times[index]
        if value != value:  # told to be unknown, or never told
            return None
        sign = SIGNS.get(code)
        if sign is None:
            until = at + _STATUS_FRESH
            return Observed(value, at, until, now <= until, False, vital.raises)
        continuous = self.is_continuous(code, history.devices[index])
        until = at + (sign.fresh_continuous if continuous else sign.fresh_spot)
        if continuous:
            value = history.median if as_of is None else history.median_before(index)
        return Observed(value, at, until, now <= until, continuous, vital.raises)


def encode_patient(patient: Patient) -> bytes:
    """The picture as compressed msgpack, equal bytes for equal pictures."""
    return zlib.compress(_encoder.encode(patient), level=1)


def decode_patient(value: bytes) -> Patient:
    """The picture again; raises msgspec.MsgspecError or ValueError on anything else."""
    try:
        return _decoder.decode(zlib.decompress(value))
    except zlib.error as error:
        raise ValueError(f"it does not decompress: {error}") from error


def readable_patient(patient: Patient) -> object:
    """The picture as plain values: histories as rows of [time in microseconds, value, device number]."""
    return msgspec.to_builtins(patient, enc_hook=_rows)


# The hooks below raise NotImplementedError for what is not theirs, as msgspec asks of a hook.


def _rows(value: object) -> object:
    if isinstance(value, History):
        return [list(row) for row in zip(value.times, value.values, value.devices, strict=True)]
    raise NotImplementedError(type(value))


def _pack(value: object) -> object:
    if isinstance(value, History):
        return pack(value)
    raise NotImplementedError(type(value))


def _unpack(kind: type, value: Any) -> object:
    if kind is History:
        return unpack(msgspec.convert(value, PackedHistory))
    raise NotImplementedError(kind)


_encoder = msgspec.msgpack.Encoder(enc_hook=_pack)
_decoder = msgspec.msgpack.Decoder(Patient, dec_hook=_unpack)
