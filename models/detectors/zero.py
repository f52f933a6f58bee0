"""Heart rate, respiratory rate or oxygen saturation of 0: arrest, or a sensor that is off; always high."""

from models.alerting.verdict import Verdict
from models.events import Evidence
from models.instants import moment_of
from models.picture import Patient
from models.vital_signs import SIGNS
from models.wording import amount, capitalized, duration


def look(patient: Patient, code: str, delay: int) -> list[Verdict]:
    """What the newest value of a code says of an arrest that may last `delay`; nothing where 0 means nothing."""
    sign, vital = SIGNS[code], patient.vitals[code]
    if not sign.zero_is_urgent or sign.limits is None:
        return []
    history = vital.history
    value, at = history.value, history.at
    if value != 0 and patient.open_alert("zero", code, "low") is None:
        return []
    is_continuous = patient.is_continuous(code, history.devices[-1])
    clear_after = sign.limits.clear_after_continuous if is_continuous else sign.limits.clear_after_spot
    title = capitalized(sign.title)
    return [
        Verdict(
            kind="zero",
            code=code,
            direction="low",
            state="bad" if value == 0 else "clear",
            priority="high",
            at=at,
            delay=delay,
            clear_after=clear_after,
            reason=f"{title} is 0: arrest or sensor off." if value == 0 else f"{title} is {amount(sign, value)} again.",
            clears_when=f"{title} is above 0 for {duration(clear_after)}, on fresh values.",
            evidence=[Evidence(code=code, value=value, at=moment_of(at))],
            signs=[(code, "low")],
        )
    ]
