"""Steps in one minute; none is what people do at night, so it has no baseline and nobody misses it."""

from models.vital_signs.sign import VitalSign

SIGNS = (
    VitalSign(
        name="steps",
        title="steps",
        code="55423-8",
        unit="{steps}",
        hard=(0, 400),
        usual=(0, 220),
        is_always_spot=True,
    ),
)
