"""A current value outside its limits: the adult's, or the patient's own (clinical decisions, table of limits)."""

from models.alerting.policy import Rules
from models.alerting.verdict import Verdict
from models.events import Direction, Evidence
from models.instants import moment_of
from models.picture import Patient, Vital
from models.vital_signs import VitalSign
from models.vital_signs.sign import LimitRule
from models.wording import amount, capitalized, duration, said


def look(patient: Patient, sign: VitalSign, vital: Vital, now: int, rules: Rules) -> list[Verdict]:
    """What the newest value of a sign says of its low and its high limit; nothing where nothing is wrong or open."""
    value, at, code = vital.history.value, vital.history.at, sign.code
    low, high = rules.limits_of(patient, sign)
    is_low, is_high = low is not None and value < low, high is not None and value > high
    if not (is_low or is_high or patient.alerts):
        return []
    is_continuous = patient.is_continuous(code, vital.history.devices[-1])
    if now - at > (sign.fresh_continuous if is_continuous else sign.fresh_spot):
        return []
    verdicts = []
    sides: tuple[tuple[Direction, float | None, bool], ...] = (("low", low, is_low), ("high", high, is_high))
    for direction, limit, is_outside in sides:
        if is_outside or patient.open_alert("limit", code, direction) is not None:
            verdicts.append(_verdict(sign, rules.rule_of(sign), direction, limit, value, at, is_continuous))
    return verdicts


def _verdict(
    sign: VitalSign,
    rule: LimitRule,
    direction: Direction,
    given: float | None,
    value: float,
    at: int,
    is_continuous: bool,
) -> Verdict:
    clear_after = rule.clear_after_continuous if is_continuous else rule.clear_after_spot
    if given is None:
        reason = f"{capitalized(said(sign, value))}: there is no {direction} limit any more."
        return Verdict(kind="limit", code=sign.code, direction=direction, state="clear", at=at, reason=reason)
    limit = float(given)
    inward = 1 if direction == "low" else -1
    clears_at = round(limit + inward * rule.band, 6)
    is_outside = (limit - value) * inward > 0
    is_zero = value == 0 and sign.zero_is_urgent
    is_clear = (value - clears_at) * inward >= 0
    urgent = rule.urgent_below if direction == "low" else rule.urgent_above
    is_urgent = urgent is not None and (urgent - value) * inward > 0
    delay = rule.delay_continuous if is_continuous else rule.delay_spot
    if rule.is_delay_by_depth and delay is not None and urgent is not None:
        delay = _by_depth(delay, limit, urgent, value)
    title = capitalized(sign.title)
    clearing = f"for {duration(clear_after)}" if clear_after else "at the next value"
    return Verdict(
        kind="limit",
        code=sign.code,
        direction=direction,
        state="bad" if is_outside and not is_zero else "clear" if is_clear else "between",
        priority="high" if is_urgent else "medium",
        at=at,
        delay=0 if is_urgent else delay,
        clear_after=clear_after,
        reason=_reason(sign, value, limit, direction, is_outside=is_outside),
        clears_when=f"{title} is {_bound(direction)} {amount(sign, clears_at)} {clearing}, on fresh values.",
        evidence=[Evidence(code=sign.code, value=value, limit=limit, at=moment_of(at))],
        signs=[(sign.code, direction)],
    )


def _by_depth(delay: int, limit: float, urgent: float, value: float) -> int:
    """Less of the delay the deeper the value lies: all of it at the limit, none at the urgent bound."""
    depth = (limit - value) / (limit - urgent) if limit != urgent else 1.0
    return round(delay * (1 - min(max(depth, 0.0), 1.0)))


def _reason(sign: VitalSign, value: float, limit: float, direction: str, *, is_outside: bool) -> str:
    where = "below its low" if direction == "low" else "above its high"
    is_said = "is" if is_outside else "is no longer"
    return f"{capitalized(sign.title)} {amount(sign, value)} {is_said} {where} limit of {amount(sign, limit)}."


def _bound(direction: str) -> str:
    return "at least" if direction == "low" else "at most"
