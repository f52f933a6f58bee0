"""A value far from this patient's own usual, twice running."""

from models.alerting.verdict import Verdict
from models.events import Deviation, Direction, Evidence
from models.instants import moment_of
from models.picture import Patient
from models.rounding import hundredths
from models.vital_signs import SIGNS
from models.wording import amount, capitalized

_NEARER = 1.0
LEAST_LEARNED = 20
"""So many values make a baseline that something can be far from."""


def deviation(code: str, value: float, mean: float, spread: float, learned: int) -> Deviation:
    """How far a value is from the patient's usual, as it was before the value is learned: its mean and its spread."""
    z = (value - mean) / spread
    return Deviation(
        code=code,
        value=value,
        usual=hundredths(mean),
        spread=round(spread, 2),  # A floor may be a whole number, and is told as one.
        z=hundredths(z),
        direction="low" if z < 0 else "high",
        learned_from=learned,
    )


def look(patient: Patient, found: Deviation, at: int, far: float) -> list[Verdict]:
    """What one deviation and the one before it say, from `far` spreads on; nothing where nothing is odd or open."""
    vital = patient.vitals[found.code]
    before, is_far = vital.far, abs(found.z) >= far and found.learned_from >= LEAST_LEARNED
    if not (is_far or before or patient.alerts):
        return []
    is_again = is_far and before is not None and before[0] == found.direction
    since = before[1] if is_again and before is not None else at
    vital.far = (found.direction, since) if is_far else None
    directions: tuple[Direction, Direction] = ("low", "high")
    return [
        _verdict(found, direction, since, far - _NEARER, is_bad=is_again and direction == found.direction)
        for direction in directions
        if (is_again and direction == found.direction) or patient.open_alert("anomaly", found.code, direction)
    ]


def _verdict(found: Deviation, direction: Direction, at: int, near: float, *, is_bad: bool) -> Verdict:
    sign = SIGNS[found.code]
    z = found.z if direction == "high" else -found.z
    usual = f"this patient's usual {amount(sign, found.usual)}"
    return Verdict(
        kind="anomaly",
        code=found.code,
        direction=direction,
        state="bad" if is_bad else "between" if z > near else "clear",
        priority="low",
        at=at,
        reason=f"{capitalized(sign.title)} {amount(sign, found.value)} is {abs(found.z):g} spreads from {usual}.",
        clears_when=f"{capitalized(sign.title)} is within {near:g} spreads of {usual}.",
        evidence=[Evidence(code=found.code, value=found.value, usual=found.usual, at=moment_of(at))],
        signs=[(found.code, direction)],
    )
