"""What is true of a simulated body at one instant, and what disturbs it."""

from msgspec import Struct, structs

from models.events import Acvpu


class Vitals(Struct, frozen=True, kw_only=True, gc=False):
    """The true vital signs, which no device sees exactly.

    Rates in /min, saturation in %, pressures in mmHg, temperature in Cel, glucose in mg/dL, oxygen in L/min, heart rate
    variability (SDNN) in ms, steps in /min; `beat_spread` is how uneven the heart beats, in /min.
    """

    heart_rate: float
    respiratory_rate: float
    oxygen_saturation: float
    systolic: float
    diastolic: float
    temperature: float
    glucose: float
    variability: float
    beat_spread: float = 0.0
    consciousness: Acvpu = "A"
    oxygen_flow: float = 0.0
    steps: float = 0.0

    @property
    def looks_ill(self) -> bool:
        """Whether whoever passes by would measure more often.

        Shock index over 0.9, saturation under 88 %, over 38.2 Cel, or not alert.
        """
        is_hot, in_shock = self.temperature > 38.2, self.heart_rate > 0.9 * self.systolic
        return is_hot or in_shock or self.oxygen_saturation < 88 or self.consciousness != "A"


class Disturbance(Struct, frozen=True, kw_only=True, gc=False):
    """Causes, not effects: what a scenario does to a body; the body answers.

    `fever` in Cel above the usual. `blood_loss` as a fraction of the blood volume. `vasodilation`, the loss of vascular
    tone, `fatigue` of the breathing muscles, `insulin_excess`, `sympathetic_tone`, `lethargy` and `arrest` from 0 to 1.
    `shunt` is the fraction of the blood that passes the lungs unoxygenated. `arrhythmia` in beats/min above the sinus
    rhythm. `oxygen_flow`, given as treatment, in L/min.
    """

    fever: float = 0.0
    blood_loss: float = 0.0
    vasodilation: float = 0.0
    shunt: float = 0.0
    fatigue: float = 0.0
    arrhythmia: float = 0.0
    insulin_excess: float = 0.0
    sympathetic_tone: float = 0.0
    lethargy: float = 0.0
    arrest: float = 0.0
    oxygen_flow: float = 0.0

    def __add__(self, other: "Disturbance") -> "Disturbance":
        """Both at once."""
        mine, others = structs.asdict(self), structs.asdict(other)
        return Disturbance(**{cause: mine[cause] + others[cause] for cause in mine})


NOTHING = Disturbance()
"""A body left alone."""
