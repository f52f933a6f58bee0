"""The vital signs that Vigil knows, one file each, found here by discovery."""

from importlib import import_module
from pkgutil import iter_modules

from models.vital_signs.sign import VitalSign

__all__ = ["SIGNS", "VitalSign", "canonical_code"]


def _discover() -> dict[str, VitalSign]:
    """Every code that a known sign may bear, in order of file names."""
    signs: dict[str, VitalSign] = {}
    for module in sorted(iter_modules(__path__), key=lambda found: found.name):
        for sign in getattr(import_module(f"{__name__}.{module.name}"), "SIGNS", ()):
            signs.update(dict.fromkeys((sign.code, *sign.aliases), sign))
    return signs


SIGNS = _discover()


def canonical_code(code: str) -> str:
    """The one code under which Vigil keeps this sign; an unknown code is its own."""
    sign = SIGNS.get(code)
    return sign.code if sign else code
