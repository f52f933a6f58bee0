"""The fold of one patient: what one event changes in the picture, and what is told of it."""

from collections.abc import Callable

from models import quality
from models.alerting.lifecycle import Lifecycle
from models.alerting.policy import DECISIONS, Rules
from models.context import learn_context, readmit
from models.detectors import early_warning, silence
from models.events import Acknowledgement, Outcome, Output, PatientContext, Reading, Refused
from models.intake import judge_silence, look_at_limits, take
from models.outlook import finish, judge_score, next_due, remember_level, score_of, signature_of, told_score
from models.picture import Patient, remember_reading
from models.recommendations import propose
from models.turn import Foretell, Turn

PatientAnswer = Acknowledgement
"""What is said about a patient, or about an alert of a patient."""

_ENDS = frozenset({"death", "discharge", "transfer"})


def fold_reading(
    patient: Patient,
    reading: Reading,
    at: int,
    clock: int | None,
    foretell: Foretell | None = None,
    rules: Rules = DECISIONS,
) -> list[Output]:
    """One Reading: exactly one Assessment, and what follows from it."""
    turn = Turn(patient, at, clock, foretell, rules)
    device = patient.device(reading.device_id, reading.device_type, at)
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
        return [turn.assess(None, reading.reading_id, is_duplicate=is_duplicate)]
    parts, score = score_of(patient, turn.now)
    if not is_duplicate:
        judge_score(turn, parts, score)
        remember_level(patient, score)
    told = told_score(turn, score)
    outputs: list[Output] = [turn.assess(told, reading.reading_id, is_duplicate=is_duplicate)]
    if is_duplicate:
        return outputs
    return outputs + finish(turn, parts, score, passes_time=turn.is_on_time, shows=not turn.is_amending)


def fold_context(
    patient: Patient,
    context: PatientContext,
    at: int,
    clock: int | None,
    foretell: Foretell | None = None,
    rules_of: Callable[[Patient], Rules] = lambda _: DECISIONS,
) -> list[Output]:
    """One PatientContext: one Assessment; changed limits are looked at again at once."""
    readmit(patient, context, at)
    learn_context(patient, context, at)
    turn = Turn(patient, at, clock, foretell, rules_of(patient))  # which may be another ward's from here on
    if not patient.monitored:
        return [turn.assess(None, None)]
    for code in patient.vitals:
        look_at_limits(turn, code)
    parts, score = score_of(patient, turn.now)
    judge_score(turn, parts, score)
    remember_level(patient, score)
    outputs: list[Output] = [turn.assess(told_score(turn, score), None)]
    return outputs + finish(turn, parts, score, passes_time=False, shows=not turn.is_amending)


def fold_policy(patient: Patient, at: int, clock: int | None, rules: Rules) -> list[Output]:
    """Another policy is in force: what holds by it is looked at again at once."""
    if not patient.monitored:
        return []
    turn = Turn(patient, at, clock, None, rules)
    for code in patient.vitals:
        look_at_limits(turn, code)
    parts, score = score_of(patient, turn.now)
    judge_score(turn, parts, score)
    return finish(turn, parts, score, passes_time=False, shows=False)


def fold_outcome(patient: Patient, outcome: Outcome, at: int, rules: Rules = DECISIONS) -> list[Output]:
    """One Outcome: discharge, transfer and death close all alerts and end monitoring."""
    if outcome.kind not in _ENDS:
        return []
    lifecycle = Lifecycle(patient, at, rules)
    lifecycle.end_all(f"Monitoring ended: {outcome.kind}.")
    patient.monitored, patient.ended_by, patient.ended_at, patient.next_due = False, outcome.kind, at, None
    withdrawn = [told for kind in sorted(patient.proposed) for told in propose(patient, kind, None, at)]
    return [*lifecycle.told, *withdrawn]


def fold_answer(patient: Patient, answer: PatientAnswer, at: int, rules: Rules = DECISIONS) -> list[Output]:
    """One answer of a clinician; raises NotAccepted, and changes nothing, where there is nothing to answer."""
    lifecycle = Lifecycle(patient, at, rules)
    lifecycle.acknowledge(answer)
    patient.next_due = next_due(patient, early_warning.observed_parts(patient, at), rules)
    return list(lifecycle.told)


def fold_tick(patient: Patient, clock: int, foretell: Foretell | None = None, rules: Rules = DECISIONS) -> list[Output]:
    """One Tick at which something of this patient fell due: an Assessment only if the score changed."""
    if not patient.monitored:
        patient.next_due = None
        return []
    turn = Turn(patient, clock, clock, foretell, rules, is_tick=True)
    for device_id in sorted(patient.devices):
        if silence.fell_silent(patient.devices[device_id], clock, rules.patience):
            judge_silence(turn, device_id)
    parts, score = score_of(patient, clock)
    judge_score(turn, parts, score)
    outputs: list[Output] = []
    if signature_of(score) != patient.signature:
        outputs.append(turn.assess(score, None))
    return outputs + finish(turn, parts, score, passes_time=True, shows=True)
