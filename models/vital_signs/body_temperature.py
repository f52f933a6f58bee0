"""Body temperature."""

from models.instants import HOUR
from models.vital_signs.sign import LimitRule, Usual, VitalSign

SIGNS = (
    VitalSign(
        name="temperature",
        title="temperature",
        code="8310-5",
        unit="Cel",
        units={"[degF]": (5 / 9, -160 / 9), "K": (1.0, -273.15)},
        hard=(20, 47),
        usual=(32, 42),
        fresh_continuous=4 * HOUR,
        fresh_spot=4 * HOUR,
        limits=LimitRule(low=36.0, high=39.0, band=0.3, clear_after_spot=0),
        baseline=Usual(mean=37.0, spread=0.7, floor=0.3),
        decimals=1,
    ),
)
