"""How hard the properties are tried: enough to find a fault, the same each time, and never failing for being slow."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "vigil",
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("vigil")
