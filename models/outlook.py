"""The picture as a whole after each event: the score, what it means for alerts, what falls due next."""

from collections.abc import Mapping

from models.alerting import episodes
from models.alerting.judging import judge
from models.alerting.lifecycle import Lifecycle
from models.alerting.policy import Rules
from models.alerting.state import OpenAlert
from models.detectors import early_warning
from models.device import Device, Patience
from models.events import Output, Score
from models.picture import Observed, Patient
from models.recommendations import measure, propose, response
from models.scores import news2
from models.turn import Turn


def score_of(patient: Patient, now: int, *, as_of: int | None = None) -> tuple[dict[str, Observed | None], Score]:
    """The seven parts and their score at `now`, or as they were at `as_of`."""
    parts = early_warning.observed_parts(patient, now, as_of=as_of)
    if not patient.applies_to_adults:
        return parts, news2.NOT_FOR_THIS_AGE
    return parts, news2.score(parts, scale=patient.known.spo2_scale or 1, age_known=patient.known.age is not None)


def told_score(turn: Turn, score: Score) -> Score | None:
    """The score that an Assessment tells: as it was then for what came late, none for what came later still."""
    if not turn.is_amending:
        return score
    if turn.accepted and turn.unkept == turn.accepted:
        return None
    return score_of(turn.patient, turn.at, as_of=turn.at)[1]


def judge_score(turn: Turn, parts: Mapping[str, Observed | None], score: Score) -> None:
    """Holds the score against the last one; only values that came in time may raise an alert."""
    patient = turn.patient
    if score.parts is None or score.max_possible is None:
        for alert in [alert for alert in patient.alerts if alert.kind == "news2"]:
            turn.lifecycle.end(alert, "NEWS2 is not for this age.")
        patient.points = None
        return
    points = {
        name: part.points
        for name, part in score.parts.items()
        if part.points is not None and (seen := parts[name]) is not None and seen.raises
    }
    verdict = early_warning.look(patient, parts, points, turn.at, score.max_possible, turn.rules.news2)
    if verdict is not None:
        judge(turn.lifecycle, verdict)
    patient.points = points


def finish(
    turn: Turn, parts: Mapping[str, Observed | None], score: Score, *, passes_time: bool, shows: bool
) -> list[Output]:
    """What follows every event: staleness, what fell due, episodes, recommendations, the next due time."""
    patient, lifecycle = turn.patient, turn.lifecycle
    if patient.alerts or patient.episode or patient.pause:
        _follow_alerts(turn, parts, passes_time=passes_time)
    outputs: list[Output] = list(lifecycle.told)
    if not turn.alerts_only:
        outputs += propose(patient, response.KIND, response.wanted(patient, score), turn.at)
        outputs += propose(patient, measure.KIND, measure.wanted(patient, score), turn.at)
    signature = signature_of(score)
    patient.next_due = next_due(patient, parts, turn.rules)
    if shows:
        patient.signature = signature
    elif signature != patient.signature:
        patient.next_due = min(turn.now, patient.next_due or turn.now)  # the next tick tells what changed
    return outputs


def _follow_alerts(turn: Turn, parts: Mapping[str, Observed | None], *, passes_time: bool) -> None:
    patient, lifecycle = turn.patient, turn.lifecycle
    for alert in list(patient.alerts):
        lifecycle.mark_stale(alert, is_stale=_is_stale(patient, alert, parts, turn.now))
    if passes_time:
        lifecycle.pass_time()
    _let_zero_take_over(lifecycle)
    episodes.settle(lifecycle)


def _is_stale(patient: Patient, alert: OpenAlert, parts: Mapping[str, Observed | None], now: int) -> bool:
    if alert.kind == "news2":
        return early_warning.is_stale(alert, parts)
    if alert.code is None or alert.category == "technical":
        return False
    seen = patient.observe(alert.code, now)
    return seen is None or not seen.is_fresh


def _let_zero_take_over(lifecycle: Lifecycle) -> None:
    """Arrest or sensor off takes the place of that sign's limit alert while it is 0, not while it recovers."""
    alerts = lifecycle.subject.alerts
    zeros = {alert.code for alert in alerts if alert.kind == "zero" and alert.is_sounding and alert.clearing is None}
    for alert in [a for a in alerts if a.kind == "limit" and a.code in zeros and a.direction == "low"]:
        if alert.state != "latched":
            lifecycle.end(alert, "Arrest or sensor off takes its place.")


def remember_level(patient: Patient, score: Score) -> None:
    """Keeps the last level that rested on anything, for how urgent silence is."""
    if score.completeness is not None and score.completeness != "0/7":
        patient.level, patient.scored = score.level, True


def signature_of(score: Score) -> list[object] | None:
    """What a tick must change to be told: points, missing, stale, level."""
    if score.parts is None:
        return None
    told: list[object] = [score.level]
    for part in score.parts.values():
        told += part.points, part.max_points, part.state
    return told


def next_due(patient: Patient, parts: Mapping[str, Observed | None], rules: Rules) -> int | None:
    """When time alone next changes something of this patient; a tick before then costs nothing."""
    dues = [seen.fresh_until + 1 for seen in parts.values() if seen is not None and seen.is_fresh]
    for device in patient.devices.values():
        dues += _silences(device, rules.patience)
    if patient.pause is not None:
        dues.append(patient.pause.until)
    for alert in patient.alerts:
        dues += alert.dues
        dues += [alert.step[1]] if alert.step is not None and (alert.kind == "news2" or not alert.stale) else []
        dues += [alert.clearing[1]] if alert.clearing is not None and not alert.stale else []
        if alert.code is not None and not alert.stale and alert.kind != "news2" and alert.category != "technical":
            vital = patient.observe(alert.code, alert.since)
            dues += [vital.fresh_until + 1] if vital is not None else []
    return min(dues, default=None)


def _silences(device: Device, patience: Patience) -> list[int]:
    """When the streams of a device that send count as silent; those of one panel are one object, and looked at once."""
    dues, before = [], None
    for stream in device.streams.values():
        if stream is not before and not stream.is_silent and (due := stream.silent_from(patience)) is not None:
            dues.append(due)
        before = stream
    return dues
