"""The channels, one file each, found here by discovery.

Each file defines `Settings`, a `ReceiverSettings` with a `kind` of its own, and `open_channel(settings, surroundings)`.
"""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

__all__ = ["CHANNELS"]


def _discover() -> Mapping[str, Any]:  # Any: a module, with what the docstring says
    """Every channel's module by its kind, in order of file names."""
    modules = sorted(iter_modules(__path__), key=lambda found: found.name)
    found = [import_module(f"{__name__}.{module.name}") for module in modules]
    return {module.Settings.model_fields["kind"].default: module for module in found}


CHANNELS = _discover()
