"""Respiratory rate."""

from models.vital_signs.sign import LimitRule, Usual, VitalSign

SIGNS = (
    VitalSign(
        name="respiratory_rate",
        title="respiratory rate",
        code="9279-1",
        unit="/min",
        units={"/s": (60.0, 0.0), "Hz": (60.0, 0.0)},
        hard=(0, 100),
        usual=(4, 60),
        limits=LimitRule(low=8, high=30, band=2),
        baseline=Usual(mean=17, spread=5, floor=2),
        zero_is_urgent=True,
    ),
)
