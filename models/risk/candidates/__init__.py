"""The online models that are compared, one file each, found here by discovery."""

from importlib import import_module
from pkgutil import iter_modules

from models.risk.candidate import Candidate

__all__ = ["CANDIDATES", "Candidate"]


def _discover() -> dict[str, type[Candidate]]:
    """Every candidate by its name, in order of file names."""
    found: dict[str, type[Candidate]] = {}
    for module in sorted(iter_modules(__path__), key=lambda each: each.name):
        for candidate in getattr(import_module(f"{__name__}.{module.name}"), "CANDIDATES", ()):
            found[candidate.name] = candidate
    return found


CANDIDATES = _discover()
