"""Who is simulated: made-up people, each with a body, a bed and habits of their own."""

from datetime import datetime
from random import Random
from typing import Literal

from msgspec import Struct

from models.events import Limits, PatientContext

_BEDS_OF_A_WARD = 8
BEDS_OF_A_GATEWAY = 4
_CONDITIONS = (
    ("recovery after surgery", "paracetamol"),
    ("pneumonia, improving", "amoxicillin"),
    ("hip fracture, repaired", "enoxaparin"),
    ("heart failure, compensated", "furosemide"),
    ("urinary tract infection", "nitrofurantoin"),
)
_DIABETES = ("type 2 diabetes", "insulin")
_LUNG_DISEASE = ("chronic obstructive pulmonary disease", "tiotropium")
_WEARER_LIMITS = {"8867-4": Limits(low=40, high=150)}  # They sleep deeply and climb stairs.


class Person(Struct, frozen=True, kw_only=True):
    """One person and what is usual for them, awake and at rest, in the middle of the day.

    Units as in `Vitals`; `asleep_at` and `awake_at` are hours of the day in UTC.
    """

    patient_id: str
    setting: Literal["ward", "home"]
    age: int
    sex: Literal["female", "male"]
    gateway_id: str
    ward: str | None = None
    bed: str | None = None
    conditions: tuple[str, ...] = ()
    medication: tuple[str, ...] = ()
    spo2_scale: Literal[1, 2] = 1
    has_cgm: bool = False
    heart_rate: float
    respiratory_rate: float
    oxygen_saturation: float
    systolic: float
    diastolic: float
    temperature: float
    glucose: float
    variability: float
    oxygen_flow: float = 0.0
    asleep_at: float
    awake_at: float

    def context(self, at: datetime) -> PatientContext:
        """What is told of them when they are admitted."""
        return PatientContext(
            patient_id=self.patient_id,
            effective_at=at,
            age=self.age,
            sex=self.sex,
            pregnant=False,
            on_oxygen=self.oxygen_flow > 0,
            spo2_scale=self.spo2_scale,
            consciousness="A",
            setting=self.setting,
            ward=self.ward,
            bed=self.bed,
            limits=_WEARER_LIMITS if self.setting == "home" else {},
            conditions=list(self.conditions),
            medication=list(self.medication),
            origin="simulated",
        )


def inpatient(patient_id: str, bed: int, chance: Random) -> Person:
    """Someone in the bed of that number, counted from 0 through all wards; stable, if frail."""
    condition, drug = chance.choice(_CONDITIONS)
    has_diabetes, has_lung_disease = chance.random() < 0.25, chance.random() < 0.08
    extra = [_DIABETES] * has_diabetes + [_LUNG_DISEASE] * has_lung_disease
    gets_oxygen = chance.random() < 0.12
    systolic = chance.uniform(118, 132)
    return Person(
        patient_id=patient_id,
        setting="ward",
        age=round(chance.triangular(30, 92, 71)),
        sex=chance.choice(("female", "male")),
        gateway_id=f"gateway-{bed // BEDS_OF_A_GATEWAY + 1}",
        ward=_ward(bed // _BEDS_OF_A_WARD),
        bed=str(bed % _BEDS_OF_A_WARD + 1),
        conditions=(condition, *(name for name, _ in extra)),
        medication=(drug, *(name for _, name in extra)),
        spo2_scale=2 if has_lung_disease else 1,
        has_cgm=has_diabetes,
        heart_rate=chance.uniform(69, 82),
        respiratory_rate=chance.uniform(13.5, 16.0),
        oxygen_saturation=90.6 if has_lung_disease else chance.uniform(96.8, 98.4),
        systolic=systolic,
        diastolic=systolic * chance.uniform(0.58, 0.63),
        temperature=chance.uniform(36.65, 36.95),
        glucose=chance.uniform(125, 150) if has_diabetes else chance.uniform(92, 108),
        variability=chance.uniform(25, 45),
        oxygen_flow=chance.choice((1.0, 2.0)) if gets_oxygen else 0.0,
        asleep_at=chance.uniform(22.0, 23.5),
        awake_at=chance.uniform(6.0, 7.0),
    )


def wearer(patient_id: str, chance: Random) -> Person:
    """Someone at home with a band on the wrist."""
    systolic = chance.uniform(116, 136)
    return Person(
        patient_id=patient_id,
        setting="home",
        age=round(chance.triangular(24, 80, 55)),
        sex=chance.choice(("female", "male")),
        gateway_id=f"phone-{patient_id}",
        heart_rate=chance.uniform(62, 74),
        respiratory_rate=chance.uniform(13.5, 16),
        oxygen_saturation=chance.uniform(96.8, 98.4),
        systolic=systolic,
        diastolic=systolic * chance.uniform(0.60, 0.66),
        temperature=chance.uniform(36.6, 36.9),
        glucose=chance.uniform(92, 108),
        variability=chance.uniform(32, 65),
        asleep_at=chance.uniform(22.0, 23.9),
        awake_at=chance.uniform(6.0, 7.5),
    )


def _ward(number: int) -> str:
    """The name of a ward by its number from 0: A1 to Z1, then A2."""
    floor, letter = divmod(number, 26)
    return f"{chr(ord('A') + letter)}{floor + 1}"
