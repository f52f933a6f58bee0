"""The limits in force for one patient, by the rules that the workers go by, and whose they are."""

from collections.abc import Iterator
from typing import Literal

from msgspec import UNSET

from consumers.ward.views.patient import LimitView
from models.alerting.policy import DECISIONS, Rules
from models.picture import Patient
from models.vital_signs import SIGNS, VitalSign

Source = Literal["adult", "patient", "policy"]
_SIGNS = tuple({sign.code: sign for sign in SIGNS.values()}.values())


def limits_in_force(patient: Patient, rules: Rules) -> Iterator[LimitView]:
    """The limits of each sign that has any; where adult limits do not apply, only what was told for this patient."""
    for sign in _SIGNS:
        low, high = rules.limits_of(patient, sign)
        if low is not None or high is not None:
            source = _source(patient, sign, rules)
            yield LimitView(code=sign.code, title=sign.title, unit=sign.unit, low=low, high=high, source=source)


def _source(patient: Patient, sign: VitalSign, rules: Rules) -> Source:
    """Who told the side that was told nearest to the patient."""
    told = rules.own.get(sign.code)
    if told is not None and (told.low is not UNSET or told.high is not UNSET):
        return "policy"
    if any(side is not None for side in patient.known.limits.get(sign.code, ())):
        return "patient"
    adult, decided = rules.limits.get(sign.code), DECISIONS.limits.get(sign.code)
    if adult is None or decided is None:
        return "policy"
    bounds = ((rule.low, rule.low_scale_2, rule.high) for rule in (adult, decided))
    return "adult" if next(bounds) == next(bounds) else "policy"
