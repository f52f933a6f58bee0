"""Blood pressure: systolic, diastolic and mean; only the systolic has limits of its own."""

from models.instants import HOUR
from models.vital_signs.sign import LimitRule, Usual, VitalSign

_UNITS = {"kPa": (7.50061683, 0.0), "Pa": (0.00750061683, 0.0), "cm[H2O]": (0.73555924, 0.0)}

SIGNS = (
    VitalSign(
        name="systolic_blood_pressure",
        title="systolic pressure",
        code="8480-6",
        unit="mm[Hg]",
        units=_UNITS,
        hard=(20, 375),
        usual=(60, 250),
        fresh_continuous=HOUR,
        limits=LimitRule(low=90, high=160, band=5, delay_spot=None, clear_after_spot=0),
        baseline=Usual(mean=122, spread=20, floor=7),
    ),
    VitalSign(
        name="diastolic_blood_pressure",
        title="diastolic pressure",
        code="8462-4",
        unit="mm[Hg]",
        units=_UNITS,
        hard=(10, 300),
        usual=(30, 150),
        fresh_continuous=HOUR,
        baseline=Usual(mean=70, spread=14, floor=6),
    ),
    VitalSign(
        name="mean_blood_pressure",
        title="mean pressure",
        code="8478-0",
        unit="mm[Hg]",
        units=_UNITS,
        hard=(14, 330),
        usual=(40, 180),
        fresh_continuous=HOUR,
        baseline=Usual(mean=87, spread=15, floor=6),
    ),
)
