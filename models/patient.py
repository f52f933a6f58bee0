"""The fold of one patient: what one event changes in the picture, and what is told of it."""

from collections.abc import Callable

from models import quality
from models.alerting.lifecycle import Lifecycle
from models.answers import Said
from models.context import end_monitoring, learn_context, readmit
from models.detectors import early_warning, silence
from models.device import remember_reading
from models.events import Outcome, Output, PatientContext, Pause, Reading, RecommendationAnswer, Refused, Score
from models.intake import judge_silence, look_at_limits, take
from models.outlook import finish, judge_score, next_due, remember_level, score_of, signature_of, told_score
from models.picture import Patient
from models.recommendations import propose
from models.turn import Around, Turn


def fold_reading(patient: Patient, reading: Reading, at: int, around: Around) -> list[Output]:
    """One Reading: exactly one Assessment, and what follows from it."""
    turn = Turn(patient, at, around)
    device = patient.device(reading.device_id, reading.device_type, at)
    if device.gateway != reading.gateway_id and at >= device.heard:
        device.gateway = reading.gateway_id
        await_again(patient, reading.gateway_id, turn.now, around)
    is_known = not remember_reading(device, reading.reading_id)
    if not is_known:
        for measurement in reading.measurements:
            judged = quality.judge(measurement, device.type)
            if isinstance(judged, Refused):
                turn.refused.append(judged)
            else:
                take(turn, judged, device, reading.device_id)
    is_duplicate = is_known or (turn.repeated > 0 and turn.accepted == 0 and not turn.refused)
    if not patient.monitored:
        return _assessed(turn, None, reading.reading_id, is_duplicate=is_duplicate)
    parts, score = score_of(patient, turn.now)
    if not is_duplicate:
        judge_score(turn, parts, score)
        remember_level(patient, score)
    outputs = _assessed(turn, score, reading.reading_id, is_duplicate=is_duplicate)
    if is_duplicate:
        return outputs
    return outputs + finish(turn, parts, score, passes_time=turn.is_on_time, shows=not turn.is_amending)


def fold_context(
    patient: Patient, context: PatientContext, at: int, around_of: Callable[[Patient], Around]
) -> list[Output]:
    """One PatientContext: one Assessment; changed limits are looked at again at once."""
    readmit(patient, context, at)
    learn_context(patient, context, at)
    turn = Turn(patient, at, around_of(patient))  # by the rules of the ward where the patient is from here on
    if not patient.monitored:
        return _assessed(turn, None)
    for code in patient.vitals:
        look_at_limits(turn, code)
    parts, score = score_of(patient, turn.now)
    judge_score(turn, parts, score)
    remember_level(patient, score)
    return _assessed(turn, score) + finish(turn, parts, score, passes_time=False, shows=not turn.is_amending)


def fold_policy(patient: Patient, at: int, around: Around) -> list[Output]:
    """Another policy is in force: what holds by it is looked at again at once."""
    if not patient.monitored:
        return []
    turn = Turn(patient, at, around)
    for code in patient.vitals:
        look_at_limits(turn, code)
    parts, score = score_of(patient, turn.now)
    judge_score(turn, parts, score)
    return finish(turn, parts, score, passes_time=False, shows=False)


def fold_outcome(patient: Patient, outcome: Outcome, at: int, around: Around) -> list[Output]:
    """One Outcome: discharge, transfer and death close all alerts and end monitoring."""
    if not end_monitoring(patient, outcome.kind, at):
        return []
    lifecycle = Lifecycle(patient, at, around.rules)
    lifecycle.end_all(f"Monitoring ended: {outcome.kind}.")
    withdrawn = [told for kind in sorted(patient.proposed) for told in propose(patient, kind, None, at)]
    return [*lifecycle.told, *withdrawn]


def fold_answer(patient: Patient, said: Said, around: Around) -> list[Output]:
    """One answer of a clinician, or one report of a delivery: what it does, and what became of it."""
    if isinstance(said.said, RecommendationAnswer):
        return said.decide(patient)
    if isinstance(said.said, Pause) and not patient.monitored:
        return said.refuse("The patient is not monitored any more.")
    outputs = said.heed(Lifecycle(patient, said.at, around.rules, is_unheard=around.is_unheard))
    if patient.monitored:
        patient.next_due = next_due(patient, early_warning.observed_parts(patient, said.at), around.rules)
    return outputs


def await_again(patient: Patient, gateway_id: str | None, now: int, around: Around) -> list[Output]:
    """A gateway is back, or another: silence behind it that was held back is told if it outlasts the patience anew."""
    for alert in patient.alerts:
        if alert.inhibited_by == "gateway" and patient.gateway_of(alert.device_id) == gateway_id:
            device = patient.devices[alert.device_id or ""]
            alert.released = now + silence.patience_with(device, around.rules.patience)
            patient.next_due = min(alert.released, patient.next_due or alert.released)
    return []


def fold_tick(patient: Patient, around: Around) -> list[Output]:
    """One Tick at which something of this patient fell due: an Assessment only if the score changed."""
    if not patient.monitored:
        patient.next_due = None
        return []
    clock = around.clock
    assert clock is not None, "a tick is what sets the clock"
    turn = Turn(patient, clock, around, is_tick=True)
    for device_id in sorted(patient.devices):
        if silence.fell_silent(patient.devices[device_id], clock, around.rules.patience):
            judge_silence(turn, device_id)
    parts, score = score_of(patient, clock)
    judge_score(turn, parts, score)
    outputs: list[Output] = []
    if signature_of(score) != patient.signature and not turn.alerts_only:
        outputs.append(turn.assess(score, None))
    return outputs + finish(turn, parts, score, passes_time=True, shows=True)


def _assessed(
    turn: Turn, score: Score | None, reading_id: str | None = None, *, is_duplicate: bool = False
) -> list[Output]:
    """The Assessment of an event, unless alerts alone are asked for."""
    if turn.alerts_only:
        return []
    told = None if score is None else told_score(turn, score)
    return [turn.assess(told, reading_id, is_duplicate=is_duplicate)]
