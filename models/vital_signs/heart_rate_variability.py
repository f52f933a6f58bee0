"""Heart rate variability, as SDNN.

It has no baseline: how large it is depends on how long the device looked, it is skewed to the high side, and its
dangerous side, the low one, ends at 0 long before four spreads.
"""

from models.instants import DAY
from models.vital_signs.sign import VitalSign

SIGNS = (
    VitalSign(
        name="heart_rate_variability",
        title="heart rate variability",
        code="80404-7",
        unit="ms",
        units={"s": (1000.0, 0.0), "us": (0.001, 0.0)},
        hard=(0, 1000),
        usual=(5, 300),
        fresh_spot=DAY,
        is_always_spot=True,
    ),
)
