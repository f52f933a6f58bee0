"""What people, devices and the clock put on the log `patient-events`."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from models.events.vocabulary import (
    VERSION,
    Acvpu,
    DeviceType,
    Finite,
    Instant,
    Name,
    Origin,
    OutcomeKind,
    Record,
    Sex,
    Version,
)


class Measurement(Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """One value of one vital sign or laboratory test, as the device said it.

    `code` is LOINC. `value` is a number in `unit` (UCUM), or a string where the code asks for one (ACVPU, a sentinel);
    anything else is refused by name, never taken for a number.
    """

    code: str
    value: float | str | bool | None = None
    unit: str | None = None
    status: str | None = None


class Reading(Record, frozen=True, kw_only=True):
    """A device, or a hand, measured one or more things at one instant."""

    reading_id: Name
    patient_id: Name
    device_id: Name
    effective_at: Instant
    measurements: list[Measurement]
    received_at: Instant | None = None
    device_type: DeviceType | None = None
    gateway_id: Name | None = None
    origin: Origin | None = None
    v: Version = VERSION


class Limits(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One patient's own alarm limits for one code, in its canonical unit; a side that is null keeps the adult's."""

    low: Finite | None = None
    high: Finite | None = None


class PatientContext(Record, frozen=True, kw_only=True):
    """What is known of a patient beside the readings. Absent field: unchanged; null: unknown."""

    patient_id: Name
    effective_at: Instant
    age: Annotated[float, Meta(ge=0, le=150, description="Years.")] | UnsetType | None = UNSET
    sex: Sex | UnsetType | None = UNSET
    pregnant: bool | UnsetType | None = UNSET
    on_oxygen: bool | UnsetType | None = UNSET
    spo2_scale: Literal[1, 2] | UnsetType | None = UNSET
    consciousness: Acvpu | UnsetType | None = UNSET
    setting: Literal["ward", "home"] | UnsetType | None = UNSET
    ward: str | UnsetType | None = UNSET
    bed: str | UnsetType | None = UNSET
    limits: dict[str, Limits] | UnsetType | None = UNSET
    conditions: list[str] | UnsetType | None = UNSET
    medication: list[str] | UnsetType | None = UNSET
    origin: Origin | None = None
    v: Version = VERSION


class Outcome(Record, frozen=True, kw_only=True):
    """What really happened; discharge, transfer and death end monitoring."""

    patient_id: Name
    at: Instant
    kind: OutcomeKind
    origin: Origin | None = None
    v: Version = VERSION


class Tick(Record, frozen=True, kw_only=True):
    """It is now `at`, says the one clock of this deployment, to each partition."""

    at: Instant
    origin: Origin | None = None
    v: Version = VERSION


class GatewayHeartbeat(Record, frozen=True, kw_only=True):
    """A gateway lives, says the gateway, to each partition; of one that was never heard nothing is expected."""

    gateway_id: Name
    at: Instant
    origin: Origin | None = None
    v: Version = VERSION
