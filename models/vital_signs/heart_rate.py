"""Heart rate, also as pulse."""

from models.vital_signs.sign import LimitRule, Usual, VitalSign

SIGNS = (
    VitalSign(
        name="heart_rate",
        title="heart rate",
        code="8867-4",
        unit="/min",
        units={"/s": (60.0, 0.0), "Hz": (60.0, 0.0)},
        hard=(0, 300),
        usual=(30, 220),
        limits=LimitRule(low=50, high=120, band=5),
        baseline=Usual(mean=80, spread=20, floor=4),
        zero_is_urgent=True,
    ),
)
