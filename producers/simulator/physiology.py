"""How a body answers what disturbs it: compensation first, then failure.

The curves are drawn after the classes of haemorrhage of Advanced Trauma Life Support (loss of 15, 30 and 40 % of the
blood), and the rule that fever brings 8 to 10 heart beats a minute for each Cel; the rest is our own proposal, checked
only for being plausible.
"""

from msgspec import structs

from models.events import Acvpu
from producers.simulator.curve import Curve, along
from producers.simulator.vitals import NOTHING, Disturbance, Vitals

_BEATS_PER_CEL = 9.0
_BREATHS_PER_CEL = 2.5
_HYPOXIC = 94.0  # Under this saturation, in %, breathing and pulse answer.
_SYMPATHETIC_BEATS = 12.0
_LOWEST_GLUCOSE = 42.0
_HYPOGLYCAEMIC = 70.0

# Lost blood, as a fraction of all: what the pulse adds, what is left of the pressures, what breathing adds.
_LOSS_PULSE: Curve = ((0, 0), (0.15, 12), (0.30, 40), (0.40, 62), (0.47, 70), (0.52, 20))
_LOSS_SYSTOLIC: Curve = ((0, 1), (0.15, 1), (0.25, 0.93), (0.30, 0.84), (0.40, 0.66), (0.50, 0.45))
_LOSS_DIASTOLIC: Curve = ((0, 1), (0.15, 1.08), (0.30, 0.96), (0.40, 0.72), (0.50, 0.45))
_LOSS_BREATHS: Curve = ((0, 0), (0.15, 2), (0.30, 9), (0.40, 16), (0.50, 18))
_LOSS_SATURATION: Curve = ((0.30, 0), (0.40, 2), (0.50, 7))
_LOSS_COOLING: Curve = ((0.20, 0), (0.50, 0.9))

# Lost vascular tone, from 0 to 1: warm at first, the pressure is held; then it is not.
_TONE_PULSE: Curve = ((0, 0), (1, 34))
_TONE_SYSTOLIC: Curve = ((0, 1), (0.3, 0.96), (0.6, 0.82), (1, 0.62))
_TONE_DIASTOLIC: Curve = ((0, 1), (0.3, 0.88), (0.6, 0.72), (1, 0.55))
_TONE_BREATHS: Curve = ((0, 0), (1, 7))

_SHUNT_SATURATION: Curve = ((0, 0), (0.1, 1.5), (0.2, 4.5), (0.3, 9), (0.4, 15), (0.5, 23))
_OXYGEN_UNDOES_SHUNT: Curve = ((0, 0), (2, 0.03), (10, 0.09), (15, 0.11))
_SHUNT_BREATHS: Curve = ((0, 0), (0.2, 5), (0.4, 9))
_HYPOXIC_BREATHS: Curve = ((0, 0), (4, 4), (10, 9), (20, 13))
_HYPOXIC_PULSE: Curve = ((0, 0), (4, 6), (10, 16), (20, 28))
_FATIGUE_BREATHS: Curve = ((0, 1), (0.5, 0.8), (1, 0.35))
_FATIGUE_SATURATION: Curve = ((0, 0), (1, 12))
_ARRHYTHMIA_PRESSURE: Curve = ((0, 1), (30, 0.98), (80, 0.84), (120, 0.66))

# How far gone consciousness is, by cause: from which height on it is new confusion, a voice, pain, nothing.
_STAGES: tuple[tuple[str, tuple[float, float, float, float]], ...] = (
    ("blood_loss", (0.36, 0.43, 0.47, 0.50)),
    ("vasodilation", (0.65, 0.90, 1.20, 1.50)),
    ("fatigue", (0.40, 0.65, 0.85, 0.95)),
    ("insulin_excess", (0.90, 0.98, 1.10, 1.20)),
    ("arrest", (0.25, 0.50, 0.75, 1.00)),
)
_LETTERS: tuple[Acvpu, ...] = ("A", "C", "V", "P", "U")


def respond(resting: Vitals, cause: Disturbance) -> Vitals:
    """The vital signs of a body that would be `resting` if nothing disturbed it."""
    if cause == NOTHING:
        return resting
    if cause.arrest >= 1:
        return structs.replace(resting, heart_rate=0, respiratory_rate=0, oxygen_saturation=0, systolic=0, diastolic=0)
    saturation = _saturation(resting, cause)
    glucose = resting.glucose + (_LOWEST_GLUCOSE - resting.glucose) * min(cause.insulin_excess, 1)
    stress = cause.sympathetic_tone + max(0.0, _HYPOGLYCAEMIC - glucose) / 30
    hypoxia = max(0.0, min(resting.oxygen_saturation, _HYPOXIC) - saturation)
    return structs.replace(
        resting,
        heart_rate=resting.heart_rate + _pulse(cause, hypoxia) + _SYMPATHETIC_BEATS * stress,
        respiratory_rate=_breaths(resting, cause, hypoxia) + stress,
        oxygen_saturation=saturation,
        systolic=resting.systolic * _pressure(cause, _LOSS_SYSTOLIC, _TONE_SYSTOLIC),
        diastolic=resting.diastolic * _pressure(cause, _LOSS_DIASTOLIC, _TONE_DIASTOLIC),
        temperature=resting.temperature + cause.fever - along(_LOSS_COOLING, cause.blood_loss),
        glucose=glucose,
        variability=resting.variability / (1 + 0.5 * stress + 0.25 * cause.fever + cause.vasodilation),
        beat_spread=0.12 * cause.arrhythmia,
        consciousness=_consciousness(cause),
        oxygen_flow=resting.oxygen_flow + cause.oxygen_flow,
        steps=resting.steps * max(0.0, 1 - cause.lethargy),
    )


def _saturation(resting: Vitals, cause: Disturbance) -> float:
    shunt = max(0.0, cause.shunt - along(_OXYGEN_UNDOES_SHUNT, cause.oxygen_flow))
    lost = (
        along(_SHUNT_SATURATION, shunt)
        + along(_LOSS_SATURATION, cause.blood_loss)
        + along(_FATIGUE_SATURATION, cause.fatigue)
    )
    return max(30.0, resting.oxygen_saturation - lost)


def _pulse(cause: Disturbance, hypoxia: float) -> float:
    """What is added to the pulse; a heart in an arrhythmia of its own answers nothing else."""
    sinus = (
        _BEATS_PER_CEL * cause.fever
        + along(_LOSS_PULSE, cause.blood_loss)
        + along(_TONE_PULSE, cause.vasodilation)
        + along(_HYPOXIC_PULSE, hypoxia)
    )
    return max(sinus, cause.arrhythmia)


def _breaths(resting: Vitals, cause: Disturbance, hypoxia: float) -> float:
    driven = (
        resting.respiratory_rate
        + _BREATHS_PER_CEL * cause.fever
        + along(_LOSS_BREATHS, cause.blood_loss)
        + along(_TONE_BREATHS, cause.vasodilation)
        + along(_SHUNT_BREATHS, cause.shunt)
        + along(_HYPOXIC_BREATHS, hypoxia)
        + 0.04 * cause.arrhythmia
    )
    return driven * along(_FATIGUE_BREATHS, cause.fatigue)


def _pressure(cause: Disturbance, loss: Curve, tone: Curve) -> float:
    """What is left of a pressure, as a fraction."""
    held = along(loss, cause.blood_loss) * along(tone, cause.vasodilation)
    return held * along(_ARRHYTHMIA_PRESSURE, cause.arrhythmia)


def _consciousness(cause: Disturbance) -> Acvpu:
    heights: dict[str, float] = structs.asdict(cause)
    return _LETTERS[max(sum(heights[name] >= bound for bound in bounds) for name, bounds in _STAGES)]
