"""What a context tells of a patient: the latest of each field stands."""

from msgspec import UNSET

from models.events import OutcomeKind, PatientContext
from models.intake import tell_status
from models.picture import CONSCIOUSNESS, CONTEXT_DEVICE, OXYGEN, Patient
from models.vital_signs import canonical_code

ENDS = frozenset({"death", "discharge", "transfer"})
"""The outcomes that end monitoring."""

_FIELDS = ("age", "sex", "pregnant", "spo2_scale", "setting", "ward", "bed", "conditions", "medication")


def readmit(patient: Patient, context: PatientContext, at: int) -> None:
    """A later context that names the setting admits again whoever was discharged or transferred.

    Nothing is expected of the devices of the stay before, and nothing counts that was measured then.
    """
    has_left = not patient.monitored and patient.ended_by != "death"
    if has_left and isinstance(context.setting, str) and at > patient.ended_at:
        patient.monitored, patient.ended_by = True, None
        patient.admitted_at = at
        for device in patient.devices.values():
            device.streams.clear()
        for vital in patient.vitals.values():
            vital.summary, vital.uncounted = b"", 0


def end_monitoring(patient: Patient, kind: OutcomeKind, at: int) -> bool:
    """Ends monitoring if that outcome does; whether it does."""
    if kind not in ENDS:
        return False
    patient.monitored, patient.ended_by, patient.ended_at, patient.next_due = False, kind, at, None
    return True


def learn_context(patient: Patient, context: PatientContext, at: int) -> None:
    """Takes each field that is told, null for unknown, unless something newer was told of it."""
    known = patient.known
    for name in _FIELDS:
        value = getattr(context, name)
        if value is not UNSET and _is_news(patient, name, at):
            setattr(known, name, value)
    if context.limits is not UNSET and _is_news(patient, "limits", at):
        given = context.limits or {}
        known.limits = {canonical_code(code): (limit.low, limit.high) for code, limit in given.items()}
    if context.on_oxygen is not UNSET:
        tell_status(patient, OXYGEN, at, _status(context.on_oxygen), CONTEXT_DEVICE)
    if context.consciousness is not UNSET:
        letter = context.consciousness
        value = float("nan") if letter is None else float("ACVPU".index(letter))
        tell_status(patient, CONSCIOUSNESS, at, value, CONTEXT_DEVICE)


def _is_news(patient: Patient, name: str, at: int) -> bool:
    """Whether nothing newer was told of a field, and notes that this was."""
    told = patient.known.told
    if at < told.get(name, at):
        return False
    told[name] = at
    return True


def _status(value: bool | None) -> float:
    return float("nan") if value is None else float(value)
