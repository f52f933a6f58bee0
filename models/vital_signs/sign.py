"""What there is to know about a vital sign before any patient is seen."""

from msgspec import Struct

from models.instants import HOUR, MINUTE, SECOND

Range = tuple[float, float]


class LimitRule(Struct, frozen=True, kw_only=True):
    """Adult alarm limits of one sign, their delay and their clearing (clinical decisions, table of limits).

    Values are in the sign's unit, times in microseconds. `delay` None waits for the next tick.
    Under `urgent_below` and over `urgent_above` the alert is high and has no delay; up to there `is_delay_by_depth`
    lets a deeper value wait less.
    """

    low: float | None = None
    high: float | None = None
    low_scale_2: float | None = None
    urgent_below: float | None = None
    urgent_above: float | None = None
    is_delay_by_depth: bool = False
    delay_continuous: int = 15 * SECOND
    delay_spot: int | None = 15 * SECOND
    band: float
    clear_after_continuous: int = 30 * SECOND
    clear_after_spot: int = 30 * SECOND


class Usual(Struct, frozen=True, kw_only=True):
    """What is usual in adults: the baseline's prior; `floor` is the least spread believed."""

    mean: float
    spread: float
    floor: float


class VitalSign(Struct, frozen=True, kw_only=True):
    """One vital sign or laboratory value: LOINC codes, UCUM unit, ranges (inclusive), freshness (microseconds).

    `units` gives, for each other unit that is accepted, (factor, offset): canonical = value * factor + offset.
    `letters` are the only values of a coded sign, in the order of their numbers. `is_always_spot` says that each value
    sums up a time of its own: none is expected after it, however often they come.
    """

    name: str
    title: str
    code: str
    unit: str
    aliases: tuple[str, ...] = ()
    units: dict[str, tuple[float, float]] = {}
    hard: Range
    usual: Range | None = None
    fresh_continuous: int = 10 * MINUTE
    fresh_spot: int = HOUR
    limits: LimitRule | None = None
    baseline: Usual | None = None
    zero_is_urgent: bool = False
    is_always_spot: bool = False
    letters: str = ""
    decimals: int = 0
