"""Why a measurement is not believed, in words that say what would be."""

from models.events import Refused
from models.vital_signs import SIGNS, VitalSign
from models.wording import amount


def why(refused: Refused) -> str:
    """One clause for a person: "heart rate lies between 0 /min and 300 /min"."""
    sign = SIGNS.get(refused.code)
    if sign is None:
        return "no code that Vigil knows; see docs/clinical.md"
    if refused.reason == "unknown-unit":
        return f"{sign.title} is taken in {', '.join((sign.unit, *sign.units))} (UCUM)"
    if refused.reason == "sentinel":
        return f"a device's way to say that it has no {sign.title}"
    if refused.reason == "not-finite" and not sign.letters:
        return f"{sign.title} is a number"
    return _range(sign)


def _range(sign: VitalSign) -> str:
    if sign.letters:
        return f"{sign.title} is one of {', '.join(sign.letters)}"
    low, high = sign.hard
    return f"{sign.title} lies between {amount(sign, low)} and {amount(sign, high)}"
