"""How long a person slept, told once a night; a short one is no emergency, so it has no baseline."""

from models.instants import DAY
from models.vital_signs.sign import VitalSign

SIGNS = (
    VitalSign(
        name="sleep_duration",
        title="sleep",
        code="93832-4",
        unit="h",
        units={"min": (1 / 60, 0.0), "s": (1 / 3600, 0.0)},
        hard=(0, 24),
        usual=(2, 14),
        fresh_spot=DAY,
        is_always_spot=True,
    ),
)
