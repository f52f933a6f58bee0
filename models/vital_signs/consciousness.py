"""Consciousness: ACVPU as a letter, and the Glasgow coma scale."""

from models.instants import HOUR
from models.vital_signs.sign import VitalSign

SIGNS = (
    VitalSign(
        name="consciousness",
        title="consciousness",
        code="67775-7",
        unit="",
        hard=(0, 4),
        letters="ACVPU",
        fresh_continuous=12 * HOUR,
        fresh_spot=12 * HOUR,
    ),
    VitalSign(
        name="glasgow_coma_scale",
        title="Glasgow coma scale",
        code="9269-2",
        unit="1",
        hard=(3, 15),
        fresh_continuous=12 * HOUR,
        fresh_spot=12 * HOUR,
    ),
)
