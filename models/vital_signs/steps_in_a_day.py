"""Steps in 24 hours, told once a day; how many there are is up to the person, so it has no baseline."""

from models.instants import DAY
from models.vital_signs.sign import VitalSign

SIGNS = (
    VitalSign(
        name="steps_in_a_day",
        title="steps in 24 h",
        code="41950-7",
        unit="{steps}/d",
        hard=(0, 150_000),
        usual=(0, 40_000),
        fresh_spot=DAY,
        is_always_spot=True,
    ),
)
