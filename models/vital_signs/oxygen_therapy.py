"""Supplemental oxygen: the inspired fraction and the flow."""

from models.instants import HOUR
from models.vital_signs.sign import VitalSign

SIGNS = (
    VitalSign(
        name="inspired_oxygen",
        title="inspired oxygen",
        code="3150-0",
        unit="%",
        units={"1": (100.0, 0.0)},
        hard=(21, 100),
        fresh_continuous=12 * HOUR,
        fresh_spot=12 * HOUR,
    ),
    VitalSign(
        name="oxygen_flow",
        title="oxygen flow",
        code="3151-8",
        unit="L/min",
        units={"mL/min": (0.001, 0.0)},
        hard=(0, 100),
        fresh_continuous=12 * HOUR,
        fresh_spot=12 * HOUR,
    ),
)
