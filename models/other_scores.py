"""The scores beside NEWS2, of one patient at one instant; NEWS2 stays the only one that raises alerts."""

from models.detectors.early_warning import PART_CODES
from models.events import OtherScores
from models.picture import Patient
from models.scores import mews, qsofa, shock_index, vitals_only_sirs

_PARTS = ("respiratory_rate", "systolic_blood_pressure", "heart_rate", "consciousness", "temperature")
_INPUTS = {part: PART_CODES[part] for part in _PARTS} | {"glasgow_coma_scale": "9269-2"}


def other_scores(patient: Patient, now: int) -> OtherScores:
    """Each as an interval, by what is fresh at `now`; under 16 and in pregnancy each says that it does not apply."""
    is_adult = patient.applies_to_adults
    inputs = {name: patient.observe(code, now) for name, code in _INPUTS.items()}
    return OtherScores(
        mews=mews.score(inputs, is_adult=is_adult),
        qsofa=qsofa.score(inputs, is_adult=is_adult),
        vitals_only_sirs=vitals_only_sirs.score(inputs, is_adult=is_adult),
        shock_index=shock_index.score(inputs, is_adult=is_adult),
    )
