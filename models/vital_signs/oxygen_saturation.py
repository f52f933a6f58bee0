"""Oxygen saturation, by pulse oximeter or from arterial blood."""

from models.vital_signs.sign import LimitRule, Usual, VitalSign

SIGNS = (
    VitalSign(
        name="oxygen_saturation",
        title="oxygen saturation",
        code="59408-5",
        aliases=("2708-6",),
        unit="%",
        units={"1": (100.0, 0.0)},
        hard=(0, 100),
        usual=(70, 100),
        limits=LimitRule(low=90, low_scale_2=88, urgent_below=80, band=2),
        baseline=Usual(mean=96, spread=3, floor=1.5),
        zero_is_urgent=True,
    ),
)
