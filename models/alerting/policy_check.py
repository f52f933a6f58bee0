"""What a policy can't mean: told with its place, so that a person finds it."""

from collections.abc import Iterator
from difflib import get_close_matches

from msgspec import UNSET, Struct

from models.alerting.policy import OWN_LIMITS_ONLY, Rules, code_of, rules_of, sign_named
from models.events import Policy
from models.vital_signs import SIGNS, VitalSign


class Complaint(Struct, frozen=True):
    """What is wrong, and where: the keys that lead there."""

    path: tuple[str, ...]
    why: str


def complaints(adult: Policy, own: Policy) -> Iterator[Complaint]:
    """What the layers of the site and the ward (`adult`) and of a patient (`own`) can't mean together."""
    strange = [name for layer in (adult, own) for name in layer.limits if sign_named(name) is None]
    if strange:
        for name in strange:
            yield Complaint(("limits", name), f"there is no vital sign {name!r}; {_hint(name)}")
        return
    rules = rules_of(adult, own, None)
    for code in sorted({code_of(name) for layer in (adult, own) for name in layer.limits}):
        yield from _of_limits(rules, SIGNS[code])
    score = rules.news2
    if score.medium_from >= score.high_from:
        why = f"{score.medium_from} points are medium and {score.high_from} high: medium must begin at fewer"
        yield Complaint(("news2", "medium_from"), why)


def _hint(name: str) -> str:
    """What may have been meant."""
    names = sorted({sign.name for sign in SIGNS.values()})
    near = get_close_matches(name, names, n=1, cutoff=0.7)
    if near:
        return f"perhaps {near[0]}"
    usual = sorted({sign.name for sign in SIGNS.values() if sign.limits is not None})
    return f"those with limits are {', '.join(usual)}; others go by their LOINC code"


def _of_limits(rules: Rules, sign: VitalSign) -> Iterator[Complaint]:
    rule = rules.limits.get(sign.code, OWN_LIMITS_ONLY)
    told = rules.own.get(sign.code)
    low = rule.low if told is None or told.low is UNSET else told.low
    high = rule.high if told is None or told.high is UNSET else told.high
    least, most = sign.hard
    bounds = {"low": low, "high": high, "urgent_below": rule.urgent_below, "urgent_above": rule.urgent_above}
    for key, bound in bounds.items():
        if bound is not None and not least <= bound <= most:
            why = f"{bound:g} {sign.unit} is no {sign.title}: it is between {least:g} and {most:g}"
            yield Complaint(("limits", sign.name, key), why)
    if low is not None and high is not None and low + rule.band >= high:
        why = f"the low limit {low:g} and its band of {rule.band:g} reach the high limit {high:g}"
        yield Complaint(("limits", sign.name, "low"), f"{why}: leave room between them")
    if low is not None and rule.urgent_below is not None and rule.urgent_below > low:
        why = f"{rule.urgent_below:g} is over the low limit {low:g}: what is urgent lies beyond the limit"
        yield Complaint(("limits", sign.name, "urgent_below"), why)
    if high is not None and rule.urgent_above is not None and rule.urgent_above < high:
        why = f"{rule.urgent_above:g} is under the high limit {high:g}: what is urgent lies beyond the limit"
        yield Complaint(("limits", sign.name, "urgent_above"), why)
