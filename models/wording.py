"""How values and times are said in sentences for people."""

from models.instants import HOUR, MINUTE, SECOND
from models.vital_signs import VitalSign

_UNITS = {"mm[Hg]": "mmHg", "Cel": "°C", "{steps}": "", "{steps}/d": "", "1": "", "": ""}
_LETTERS = {"A": "alert", "C": "newly confused", "V": "responds to voice", "P": "responds to pain", "U": "unresponsive"}


def said(sign: VitalSign, value: float) -> str:
    """A value with its name and unit: "heart rate 134 /min"."""
    return f"{sign.title} {amount(sign, value)}"


def amount(sign: VitalSign, value: float) -> str:
    """A value with its unit: "134 /min", "38.4 °C", "97 %"."""
    if sign.letters:
        return _LETTERS[sign.letters[int(value)]]
    unit = _UNITS.get(sign.unit, sign.unit)
    return f"{round(value, 1):g} {unit}".rstrip()


def duration(time: int) -> str:
    """Microseconds as people say them: "15 s", "4 min", "2 h"."""
    if time < 2 * MINUTE:
        return f"{time // SECOND} s"
    return f"{time // MINUTE} min" if time < 2 * HOUR else f"{time // HOUR} h"


def capitalized(sentence: str) -> str:
    """The sentence with a capital first letter, the rest as it is."""
    return sentence[:1].upper() + sentence[1:]
