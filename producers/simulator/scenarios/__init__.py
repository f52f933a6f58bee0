"""The scenarios that can be simulated, one file each, found here by discovery."""

from importlib import import_module
from pkgutil import iter_modules

from producers.simulator.scenario import Scenario

__all__ = ["SCENARIOS", "Scenario"]


def _discover() -> dict[str, Scenario]:
    """Every scenario by its name, in order of file names."""
    modules = sorted(iter_modules(__path__), key=lambda found: found.name)
    found = [import_module(f"{__name__}.{module.name}").SCENARIO for module in modules]
    return {scenario.name: scenario for scenario in found}


SCENARIOS = _discover()
