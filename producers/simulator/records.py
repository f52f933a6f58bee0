"""Simulated records as entries of the log."""

from datetime import datetime

from msgspec import structs

from models import codec
from models.events import GatewayHeartbeat, Measurement, Outcome, OutcomeKind, Reading
from producers.entry import Entry
from producers.simulator.device import Device
from producers.simulator.faults import Sent
from producers.simulator.person import Person


def admission(person: Person, at: datetime) -> Entry:
    """The context with which a patient is admitted."""
    value = codec.encode(person.context(at))
    return Entry(value, f"admission of {person.patient_id}", person.patient_id.encode(), at)


def reading(person: Person, device: Device, number: int, at: datetime, measurements: list[Measurement]) -> Reading:
    """What a device measured, its number among the patient's readings."""
    device_id = f"{person.patient_id}-{device.name}"
    return Reading(
        reading_id=f"{device_id}-{number}",
        patient_id=person.patient_id,
        device_id=device_id,
        device_type=device.type,
        gateway_id=person.gateway_id,
        effective_at=at,
        measurements=measurements,
        origin="simulated",
    )


def heartbeat(gateway_id: str, at: datetime) -> GatewayHeartbeat:
    """What a gateway says while it lives."""
    return GatewayHeartbeat(gateway_id=gateway_id, at=at, origin="simulated")


def delivered(told: Sent, at: datetime) -> Entry:
    """A reading, or a heartbeat, as it reaches the log at that time."""
    if isinstance(told, GatewayHeartbeat):
        return Entry(codec.encode(told), f"heartbeat of {told.gateway_id}", at=at, is_for_all=True)
    value = codec.encode(structs.replace(told, received_at=at))
    key, count = told.patient_id.encode(), len(told.measurements)
    return Entry(value, told.reading_id, key, at, None, told.reading_id, count)


def outcome(patient_id: str, kind: OutcomeKind, at: datetime, heard_at: datetime) -> Entry:
    """What really happened to a patient, and when the log hears of it."""
    value = codec.encode(Outcome(patient_id=patient_id, at=at, kind=kind, origin="simulated"))
    return Entry(value, f"{kind} of {patient_id}", patient_id.encode(), heard_at)
