"""One measurement on its way into the picture, and the detectors that look at it there."""

import math

from msgspec.structs import replace

from models.alerting.judging import judge
from models.detectors import anomaly, limits, silence, zero
from models.device import Device, follow_stream
from models.events import Flag
from models.picture import CONSCIOUSNESS, OXYGEN, Patient, Vital
from models.quality import Trusted
from models.summary import COUNT_EVERY, counted
from models.turn import Turn
from models.vital_signs import SIGNS

_AIR = 21.0
_FULLY_AWAKE = 15
STATUS_SOURCES = {"67775-7": 1, "9269-2": 2, "3150-0": 3, "3151-8": 4}


def take(turn: Turn, trusted: Trusted, device: Device, device_id: str) -> None:
    """Puts one trusted value where it belongs, and lets the detectors look at it if it is the newest of its code."""
    patient, sign, value, at = turn.patient, trusted.sign, trusted.value, turn.at
    vital = patient.vital(sign.code)
    history = vital.history
    if history.holds(at, value, device.number):
        turn.repeated += 1
        return
    turn.accepted += 1
    if trusted.is_suspect:
        turn.flags.append(Flag(code=sign.code, value=value, flag="suspect"))
    vital.history = history.adding(at, value, device.number)
    turn.unkept += vital.history is history
    vital.uncounted += 1
    if vital.uncounted >= COUNT_EVERY and not turn.alerts_only:
        vital.summary, vital.uncounted = counted(vital.summary, vital.history, patient.admitted_at), 0
    if sign.code in STATUS_SOURCES:
        take_status(patient, sign.code, value, at)
    if at < history.at:
        turn.is_out_of_order = True
        return
    stream = follow_stream(vital.history, device, sign)
    vital.raises = turn.is_on_time or not stream.is_continuous
    if patient.monitored:
        if stream.is_silent and not stream.is_overdue(turn.now, turn.rules.patience):
            device.streams[sign.code] = replace(stream, is_silent=False)
            judge_silence(turn, device_id)
        _look_at(turn, trusted, vital)


def _look_at(turn: Turn, trusted: Trusted, vital: Vital) -> None:
    """Lets the detectors look at the newest value of a code."""
    patient, sign = turn.patient, trusted.sign
    for verdict in limits.look(patient, sign, vital, turn.now, turn.rules):
        judge(turn.lifecycle, verdict, may_open=vital.raises)
    if sign.zero_is_urgent and (trusted.value == 0 or patient.alerts):
        for verdict in zero.look(patient, sign.code, turn.rules.zero_delay):
            judge(turn.lifecycle, verdict, may_open=vital.raises)
    if turn.is_on_time:
        _look_at_baseline(turn, trusted, vital)


def take_status(patient: Patient, code: str, value: float, at: int) -> None:
    """Oxygen and consciousness follow the latest of what measurements and contexts tell of them."""
    if code == "67775-7":
        tell_status(patient, CONSCIOUSNESS, at, value, STATUS_SOURCES[code])
    elif code == "9269-2":
        tell_status(patient, CONSCIOUSNESS, at, float(value < _FULLY_AWAKE), STATUS_SOURCES[code])
    else:
        is_oxygen = value > (_AIR if code == "3150-0" else 0)
        tell_status(patient, OXYGEN, at, float(is_oxygen), STATUS_SOURCES[code])


def tell_status(patient: Patient, status: str, at: int, value: float, source: int) -> None:
    """Of two sources at one instant the worse is believed; of one source the later in the log."""
    vital = patient.vital(status)
    history = vital.history
    index = history.index_at(at)
    if index >= 0 and history.times[index] == at and history.devices[index] != source:
        told = history.values[index]
        if not value > told and told == told:
            return
    vital.history = history.adding(at, value, source)


def look_at_limits(turn: Turn, code: str) -> None:
    """Holds the newest value of a code against its limits."""
    if code in (OXYGEN, CONSCIOUSNESS):
        return
    vital = turn.patient.vitals[code]
    for verdict in limits.look(turn.patient, SIGNS[code], vital, turn.now, turn.rules):
        judge(turn.lifecycle, verdict, may_open=vital.raises)


def _look_at_baseline(turn: Turn, trusted: Trusted, vital: Vital) -> None:
    """Scores first, then learns; a suspect or zero value teaches nothing."""
    sign, value, baseline = trusted.sign, trusted.value, vital.baseline
    if baseline is None or sign.baseline is None:
        return
    spread = baseline.spread(sign.baseline.floor)
    found = anomaly.deviation(sign.code, value, baseline.mean, spread, baseline.learned)
    turn.deviations.append(found)
    if not (sign.zero_is_urgent and value == 0):
        for verdict in anomaly.look(turn.patient, found, turn.at, turn.rules.spreads or math.inf):
            judge(turn.lifecycle, verdict)
    if not trusted.is_suspect:
        vital.baseline = baseline.learning(value, spread)


def judge_silence(turn: Turn, device_id: str) -> None:
    """Opens, keeps or closes a device's no-data alert."""
    judge(turn.lifecycle, silence.look(turn.patient, device_id, turn.now))
