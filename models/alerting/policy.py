"""What is in force for a patient: the clinical decisions, and over them what site, ward and patient policies tell.

A limit that a policy tells for the site or a ward is an adult's, like those it stands in for; one for a patient holds
whoever the patient is. The patient's own limits, as a context tells them, stand over a ward's and under those of a
policy for the patient.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeVar

from msgspec import UNSET, Struct, UnsetType, structs

from models.device import Patience
from models.events import LimitPolicy, NotificationPolicy, Policy, ScorePolicy
from models.instants import MINUTE, SECOND
from models.picture import Patient
from models.vital_signs import SIGNS, VitalSign
from models.vital_signs.sign import LimitRule

NOTHING = Policy()
OWN_LIMITS_ONLY = LimitRule(band=0)
"""The rule of a sign for which there is no adult limit."""

_Layer = TypeVar("_Layer", bound=Struct)


class ScoreRule(Struct, frozen=True, kw_only=True):
    """When NEWS2 alerts; times in microseconds."""

    high_from: int = 7
    medium_from: int = 5
    single_three: bool = True
    rise: bool = True
    delay: int = 15 * SECOND
    clear_after: int = 30 * SECOND
    clear_after_spot: int = 0


class NotificationRule(Struct, frozen=True, kw_only=True):
    """What is news, and what is damped; times in microseconds."""

    new_sign_after: int = 15 * MINUTE
    flapping_after: int = 4
    flapping_within: int = 30 * MINUTE


_ADULT_LIMITS = {sign.code: sign.limits for sign in SIGNS.values() if sign.limits is not None}


class Rules(Struct, frozen=True, kw_only=True):
    """What is in force for one patient; times in microseconds.

    `limits` are the rules by canonical code, with the adult's bounds; `own` is what a policy for this very patient
    tells of them. `spreads` is how far from usual alerts, None where that never does.
    """

    version: str | None = None
    limits: Mapping[str, LimitRule] = MappingProxyType(_ADULT_LIMITS)
    own: Mapping[str, LimitPolicy] = {}
    news2: ScoreRule = ScoreRule()
    zero_delay: int = 15 * SECOND
    patience: Patience = Patience()
    spreads: float | None = 4.0
    notification: NotificationRule = NotificationRule()

    def rule_of(self, sign: VitalSign) -> LimitRule:
        """The delays and the clearing of a sign's limits."""
        return self.limits.get(sign.code) or OWN_LIMITS_ONLY

    def limits_of(self, patient: Patient, sign: VitalSign) -> tuple[float | None, float | None]:
        """Low and high limit in force for a patient: of each side the nearest to the patient that tells one."""
        rule, known = self.limits.get(sign.code), patient.known
        low = high = None
        if rule is not None and patient.applies_to_adults:
            low, high = rule.low, rule.high
            if rule.low_scale_2 is not None and known.spo2_scale == 2:
                low = rule.low_scale_2
        if known.limits and (said := known.limits.get(sign.code)) is not None:
            low, high = said[0] if said[0] is not None else low, said[1] if said[1] is not None else high
        if self.own and (told := self.own.get(sign.code)) is not None:
            low, high = low if told.low is UNSET else told.low, high if told.high is UNSET else told.high
        return low, high


DECISIONS = Rules()
"""The clinical decisions, where nobody told anything else."""


def rules_of(adult: Policy, own: Policy, version: str | None) -> Rules:
    """What is in force where the site and the ward tell `adult`, and a policy for the patient tells `own`."""
    both = overlaid(adult, own)
    codes = {code_of(name): name for name in both.limits}
    adult_limits = {code_of(name): told for name, told in adult.limits.items()}
    limits = dict(DECISIONS.limits)
    for code, name in codes.items():
        limits[code] = _limit_rule(code, adult_limits.get(code, LimitPolicy()), both.limits[name])
    anomaly = both.anomaly
    spreads = DECISIONS.spreads if anomaly.spreads is UNSET else anomaly.spreads
    return Rules(
        version=version,
        limits=limits,
        own={code_of(name): told for name, told in own.limits.items()},
        news2=_score_rule(both.news2),
        zero_delay=_time(both.zero_delay_seconds, DECISIONS.zero_delay),
        patience=Patience(
            intervals=_or(both.no_data.intervals, DECISIONS.patience.intervals),
            at_least=_time(both.no_data.at_least_seconds, DECISIONS.patience.at_least),
        ),
        spreads=None if anomaly.enabled is False else spreads,
        notification=_notification_rule(both.notification),
    )


def overlaid(below: _Layer, above: _Layer) -> _Layer:
    """One layer over another: what the upper one does not tell shows from below."""
    merged = {}
    for field in structs.fields(below):
        under, over = getattr(below, field.name), getattr(above, field.name)
        if isinstance(over, dict):
            by_code = {code_of(name): told for name, told in under.items()}
            for name, told in over.items():
                code = code_of(name)
                by_code[code] = overlaid(by_code[code], told) if code in by_code else told
            merged[field.name] = by_code
        elif isinstance(over, Struct):
            merged[field.name] = overlaid(under, over)
        else:
            merged[field.name] = under if over is UNSET else over
    return type(below)(**merged)


def code_of(name: str) -> str:
    """The canonical code of a vital sign by its name or a LOINC code; a name that there is not stays as it is."""
    sign = sign_named(name)
    return name if sign is None else sign.code


def sign_named(name: str) -> VitalSign | None:
    """The vital sign of that name or LOINC code."""
    return SIGNS.get(name) or next((sign for sign in SIGNS.values() if sign.name == name), None)


def _limit_rule(code: str, adult: LimitPolicy, both: LimitPolicy) -> LimitRule:
    """A sign's rule: bounds as the adult's layers tell them, the rest as all layers do."""
    before = DECISIONS.limits.get(code, OWN_LIMITS_ONLY)
    low = _or(adult.low, before.low)
    scale_2 = _or(adult.low_scale_2, before.low_scale_2)
    if scale_2 is not None and low is not None:
        scale_2 = min(low, scale_2)  # Scale 2 is for those whose usual is lower: never stricter than the other.
    delay = _time(both.delay_seconds, before.delay_continuous)
    return LimitRule(
        low=low,
        low_scale_2=scale_2,
        high=_or(adult.high, before.high),
        urgent_below=_or(both.urgent_below, before.urgent_below),
        urgent_above=_or(both.urgent_above, before.urgent_above),
        is_delay_by_depth=both.delay_by_depth == "linear",
        delay_continuous=delay,
        delay_spot=None if before.delay_spot is None else _time(both.delay_seconds, before.delay_spot),
        band=_or(both.band, before.band),
        clear_after_continuous=_time(both.clear_after_seconds, before.clear_after_continuous),
        clear_after_spot=_time(both.clear_after_seconds, before.clear_after_spot),
    )


def _score_rule(told: ScorePolicy) -> ScoreRule:
    before = DECISIONS.news2
    return ScoreRule(
        high_from=_or(told.high_from, before.high_from),
        medium_from=_or(told.medium_from, before.medium_from),
        single_three=_or(told.single_three, before.single_three),
        rise=_or(told.rise, before.rise),
        delay=_time(told.delay_seconds, before.delay),
        clear_after=_time(told.clear_after_seconds, before.clear_after),
        clear_after_spot=_time(told.clear_after_seconds, before.clear_after_spot),
    )


def _notification_rule(told: NotificationPolicy) -> NotificationRule:
    before = DECISIONS.notification
    return NotificationRule(
        new_sign_after=_time(told.new_sign_after_seconds, before.new_sign_after),
        flapping_after=_or(told.flapping_after, before.flapping_after),
        flapping_within=_time(told.flapping_seconds, before.flapping_within),
    )


_Value = TypeVar("_Value")


def _or(told: _Value | UnsetType, before: _Value) -> _Value:
    return before if told is UNSET else told


def _time(seconds: float | UnsetType, before: int) -> int:
    """Microseconds."""
    return before if seconds is UNSET else round(seconds * SECOND)
