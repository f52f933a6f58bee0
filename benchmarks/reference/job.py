"""The reference job: NEWS2, z-scores of six vital signs and a scaled logistic regression for each patient.

One panel of six measurements in, one assessment out. It knows River and msgspec only: the peers run it as it is.
"""

import math
from collections.abc import Mapping

import msgspec
from msgspec import Struct
from river import linear_model, preprocessing, stats

_FADING = 0.05
_EMERGENCY_FROM = 5
_LEAST_VARIANCE = 1e-9

Steps = tuple[tuple[float, int], ...]

# Up to and including a value, so many points (Royal College of Physicians, 2017); without oxygen and consciousness.
_BANDS: dict[str, Steps] = {
    "heart_rate": ((40, 3), (50, 1), (90, 0), (110, 1), (130, 2), (math.inf, 3)),
    "resp_rate": ((8, 3), (11, 1), (20, 0), (24, 2), (math.inf, 3)),
    "spo2": ((91, 3), (93, 2), (95, 1), (math.inf, 0)),
    "temperature": ((35.0, 3), (36.0, 1), (38.0, 0), (39.0, 1), (math.inf, 2)),
    "systolic_bp": ((90, 3), (100, 2), (110, 1), (219, 0), (math.inf, 3)),
}
VITALS = (*_BANDS, "diastolic_bp")


class Panel(Struct, frozen=True):
    """What comes in; `at` is in seconds since 1970."""

    patient_id: str
    at: float
    vitals: dict[str, float]


class Assessed(Struct, frozen=True):
    """What comes out: points, the furthest z-score, and the probability before this panel was learned from."""

    patient_id: str
    at: float
    news2: int
    anomaly: float
    risk: float


class Patient:
    """What is remembered of one patient."""

    __slots__ = ("mean", "risk", "var")

    def __init__(self) -> None:
        self.mean = {name: stats.EWMean(_FADING) for name in VITALS}
        self.var = {name: stats.EWVar(_FADING) for name in VITALS}
        self.risk = preprocessing.StandardScaler() | linear_model.LogisticRegression()


decode = msgspec.json.Decoder(Panel).decode
encode = msgspec.json.Encoder().encode


def assess(patient: Patient, panel: Panel) -> Assessed:
    """Scores first, then learns."""
    vitals = panel.vitals
    points = _news2(vitals)
    furthest = _furthest(patient, vitals)
    risk = patient.risk.predict_proba_one(vitals)[True]
    patient.risk.learn_one(vitals, points >= _EMERGENCY_FROM)
    return Assessed(panel.patient_id, panel.at, points, furthest, risk)


def _news2(vitals: Mapping[str, float]) -> int:
    return sum(_points(vitals[name], steps) for name, steps in _BANDS.items())


def _points(value: float, steps: Steps) -> int:
    for limit, points in steps:
        if value <= limit:
            return points
    raise ValueError(value)


def _furthest(patient: Patient, vitals: Mapping[str, float]) -> float:
    """The largest distance from the patient's usual, in standard deviations."""
    furthest = 0.0
    for name, value in vitals.items():
        mean, var = patient.mean[name], patient.var[name]
        variance = var.get()
        if variance > _LEAST_VARIANCE:
            furthest = max(furthest, abs(value - mean.get()) / math.sqrt(variance))
        mean.update(value)
        var.update(value)
    return furthest
