"""Glucose: in blood, serum or plasma, or interstitial (CGM); 1 mmol/L is 18.016 mg/dL."""

from models.vital_signs.sign import LimitRule, Usual, VitalSign

SIGNS = (
    VitalSign(
        name="glucose",
        title="glucose",
        code="2339-0",
        aliases=("15074-8", "2345-7", "99504-3", "105272-9"),
        unit="mg/dL",
        units={"mmol/L": (18.016, 0.0), "mg/L": (0.1, 0.0), "g/L": (100.0, 0.0)},
        hard=(10, 2200),
        usual=(40, 500),
        limits=LimitRule(
            low=70,
            high=250,
            urgent_below=54,
            band=10,
            delay_continuous=0,
            delay_spot=0,
            clear_after_continuous=0,
            clear_after_spot=0,
        ),
        baseline=Usual(mean=125, spread=40, floor=12),
    ),
)
