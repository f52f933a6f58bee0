"""The tables of vital signs: codes, units, ranges, freshness, limits and what is usual."""

from pathlib import Path

from models.vital_signs import SIGNS, laboratory
from models.wording import duration
from vigil.docs.table import code, table

_OTHER = [sign for sign in laboratory.SIGNS if SIGNS[sign.code] is sign]
_VITAL = [sign for key, sign in SIGNS.items() if key == sign.code and sign not in _OTHER]


def vital_signs(_root: Path) -> str:
    """Codes, ranges and freshness."""
    heads = ("sign", "LOINC", "unit", "usual", "hard range", "fresh, continuous", "fresh, spot")
    return table(
        heads,
        [
            (
                sign.title,
                ", ".join(code(each) for each in (sign.code, *sign.aliases)),
                code(sign.unit) or "a letter",
                _range(sign.usual),
                ", ".join(code(letter) for letter in sign.letters) or _range(sign.hard),
                "" if sign.is_always_spot else duration(sign.fresh_continuous),
                duration(sign.fresh_spot),
            )
            for sign in _VITAL
        ],
    )


def units(_root: Path) -> str:
    """Which units are accepted, and what becomes of them."""
    rows = [
        (sign.title, code(sign.unit), ", ".join(_conversion(unit, *how) for unit, how in sign.units.items()))
        for sign in _VITAL
        if sign.unit
    ]
    return table(("sign", "unit", "also accepted"), rows)


def limits(_root: Path) -> str:
    """Adult limits, delays and clearing."""
    heads = ("sign", "low", "high", "delay, continuous", "delay, spot", "clears", "after, continuous", "after, spot")
    rows = []
    for sign in _VITAL:
        rule = sign.limits
        if rule is None:
            continue
        low = _number(rule.low)
        low += f" (scale 2: {rule.low_scale_2:g})" if rule.low_scale_2 is not None else ""
        low += f"; under {rule.urgent_below:g} high priority, no delay" if rule.urgent_below is not None else ""
        rows.append(
            (
                f"{sign.title}, {code(sign.unit)}",
                low,
                _number(rule.high),
                _delay(rule.delay_continuous),
                _delay(rule.delay_spot),
                f"{rule.band:g} inside",
                _clearing(rule.clear_after_continuous),
                _clearing(rule.clear_after_spot),
            )
        )
    return table(heads, rows)


def usual(_root: Path) -> str:
    """What a baseline believes of an adult before the first value."""
    rows = [
        (
            f"{sign.title}, {code(sign.unit)}",
            f"{sign.baseline.mean:g}",
            f"{sign.baseline.spread:g}",
            f"{sign.baseline.floor:g}",
        )
        for sign in _VITAL
        if sign.baseline is not None
    ]
    return table(("sign", "usual", "spread", "least spread"), rows)


def other_codes(_root: Path) -> str:
    """What travels with the vital signs and is kept, but never scored."""
    rows = [(sign.title, code(sign.code), code(sign.unit), _range(sign.hard)) for sign in _OTHER]
    return table(("what", "code", "unit", "hard range"), rows)


def _range(bounds: tuple[float, float] | None) -> str:
    return "" if bounds is None else f"{bounds[0]:g} to {bounds[1]:g}"


def _conversion(unit: str, factor: float, offset: float) -> str:
    told = f"{code(unit)} (times {factor:.6g}"
    return f"{told})" if not offset else f"{told}, {'plus' if offset > 0 else 'minus'} {abs(offset):.6g})"


def _number(limit: float | None) -> str:
    return "" if limit is None else f"{limit:g}"


def _delay(time: int | None) -> str:
    if time is None:
        return "next tick"
    return duration(time) if time else "none"


def _clearing(time: int) -> str:
    return duration(time) if time else "next value"
