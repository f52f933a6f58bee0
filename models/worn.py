"""A watch worn at home: its heart rates and steps on their way to the detector of the resting heart rate."""

from collections.abc import Iterator

from msgspec import Struct, field

from models.detectors.resting_heart_rate import RestingDay, RestingHeartRate
from models.events import Finding, FindingState
from models.instants import moment_of
from models.picture import Patient
from models.vital_signs import SIGNS
from models.wording import amount

RATE, STEPS = "8867-4", "55423-8"
_OVER = 1.0


class Worn(Struct, gc=False):
    """One person's resting heart rate, up to when it was listened to, and since when a rise is told."""

    heart: RestingHeartRate = field(default_factory=RestingHeartRate)
    heard: int | None = None
    told: int | None = None

    def look(self, patient: Patient, at: int) -> list[Finding]:
        """Hears what came before `at`; tells of a rise once its day is over, and when it is gone."""
        heard, self.heard = self.heard, at
        days = [hear(self.heart, *each) for each in sorted(_values(patient, heard, at))]
        return [finding for day in days if day is not None and (finding := self._tell(day)) is not None]

    def _tell(self, day: RestingDay) -> Finding | None:
        if day.raised:
            self.told = day.at
            return _finding(day, "begun", day.at)
        since = self.told
        if since is None or day.excess >= _OVER:
            return None
        self.told = None
        return _finding(day, "over", since)


def is_worn(patient: Patient) -> bool:
    """Whether somebody at home tells both a heart rate and steps."""
    return patient.known.setting == "home" and RATE in patient.vitals and STEPS in patient.vitals


def is_believable(code: str, value: float) -> bool:
    """Whether a rate or a number of steps is one that a person can have: what is not teaches nothing."""
    usual = SIGNS[code].usual
    return usual is None or usual[0] <= value <= usual[1]


def hear(heart: RestingHeartRate, at: int, code: str, value: float) -> RestingDay | None:
    """Lets the detector hear a heart rate or steps; the day before, once this is of another."""
    return heart.hear_steps(at, value) if code == STEPS else heart.hear_rate(at, value)


def _values(patient: Patient, since: int | None, until: int) -> Iterator[tuple[int, str, float]]:
    """Time, code and value of what is kept of both, from one instant to before another."""
    for code in (RATE, STEPS):
        history = patient.vitals[code].history
        for time, value in zip(history.times, history.values, strict=True):
            if (since is None or time >= since) and time < until and is_believable(code, value):
                yield time, code, value


def _finding(day: RestingDay, state: FindingState, since: int) -> Finding:
    sign, off, date = SIGNS[RATE], day.rate - day.usual, moment_of(day.at).date()
    rate = f"Resting heart rate {amount(sign, day.rate)} on {date} is"
    side = "above" if off >= 0 else "below"
    return Finding(
        detector="resting-heart-rate",
        category="physiological",
        codes=[RATE],
        state=state,
        since=moment_of(since),
        size=round(off, 1),
        unit=sign.unit,
        reason=(
            f"{rate} {amount(sign, abs(off))} {side} this person's usual at those hours, "
            f"{day.excess:.1f} times what days lie apart."
            if state == "begun"
            else f"{rate} near this person's usual at those hours again."
        ),
    )
