"""How hard the properties are tried: enough to find a fault, and never failing because the machine is busy."""

from hypothesis import HealthCheck, settings

settings.register_profile("vigil", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("vigil")
