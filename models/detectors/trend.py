"""A sign on its way to a limit: when it would cross it, should it go on as it does. It is shown, and raises no alert.

A line through the last values by Theil and Sen: its slope is the median of the slopes between any two, so that a third
of the values may be odd. It is believed only if the slope that Kendall's test still allows (95 %, both sides) leads to
the limit as well, and told only if the line crosses it within an hour.

It looks once the sign has gone a quarter of the way from the patient's usual to a limit in force, first at the values
that the history keeps, then at one every two minutes: of most patients nothing is kept. What crossed is left to its
alert until the sign is back.
"""

import math
from itertools import combinations

from msgspec import Struct

from models.alerting.policy import Rules
from models.events import Direction, Forecast, ForecastState
from models.history import History
from models.instants import HOUR, MINUTE, moment_of
from models.picture import Patient
from models.stretch import Stretch
from models.vital_signs import SIGNS

_BEGINS, _ENDS = 0.25, 0.15  # Of the way from the usual to the limit.
_SPACING = 2 * MINUTE
_OLDEST = HOUR  # Hourly values come back as often as they go on, as recordings show.
_MOST, _LEAST = 16, 6
_LEAST_TIME = 15 * MINUTE
_TOLD_FROM, _TOLD_WITHIN, _OVER_BEYOND = 2.0, 60.0, 90.0
_LEAST_CHANGE, _LEAST_SHARE = 10.0, 0.5
_QUANTILE = 1.96
_SLOWEST = 3.0
_STILL_GOING = 0.25

Samples = list[tuple[int, float]]


class Trend(Struct, frozen=True, gc=False, array_like=True):
    """One sign on its way: to which side, what it was, and which crossing was told for when, if any.

    `is_crossed` is of a sign that got there, and is not back yet.
    """

    direction: Direction
    samples: Samples
    told: int | None = None
    is_crossed: bool = False


class Line(Struct, frozen=True, gc=False):
    """Where a sign stands and goes: `level` now, slopes an hour in the sign's unit, above 0 towards the limit.

    `least_slope` is the least one believed, `newest_slope` that of the later half.
    """

    level: float
    slope: float
    least_slope: float
    newest_slope: float


def look(
    trend: Trend | None, stretch: Stretch, patient: Patient, usual: float, rules: Rules
) -> tuple[Trend | None, Forecast | None]:
    """The trend as it goes on with a sign's newest value, and what is to be told of it, if anything."""
    sign, at = stretch.sign, stretch.history.at
    value = stretch.history.median if stretch.is_continuous else stretch.values[-1]
    direction, limit, way = _nearest(rules.limits_of(patient, sign), value, usual)
    if trend is None and way < _BEGINS:
        return None, None
    if way < _ENDS or (value == 0 and sign.zero_is_urgent) or (trend is not None and trend.direction != direction):
        return None, over(trend, sign.code, patient, rules)
    if way > 1:
        return Trend(direction, [], is_crossed=True), over(trend, sign.code, patient, rules)
    if trend is not None and trend.is_crossed:
        return trend, None
    kept = _begun(stretch) if trend is None else _with(trend.samples, at, value)
    if trend is not None and kept is trend.samples:
        return trend, None
    told = None if trend is None else trend.told
    minutes, line = None, line_of(kept, at, 1.0 if direction == "high" else -1.0)
    if line is not None:
        minutes = _minutes(line, limit, direction, is_told=told is not None)
    if line is None or minutes is None:
        return Trend(direction, kept), None if trend is None else over(trend, sign.code, patient, rules)
    state = _state(told, at, minutes)
    if state is None:
        return Trend(direction, kept, told), None
    return Trend(direction, kept, at + round(minutes * MINUTE)), Forecast(
        code=sign.code,
        direction=direction,
        state=state,
        limit=limit,
        value=round(value, 2),
        slope_per_hour=round(line.slope if direction == "high" else -line.slope, 2),
        minutes=round(minutes),
        from_=moment_of(kept[0][0]),
    )


def over(trend: Trend | None, code: str, patient: Patient, rules: Rules) -> Forecast | None:
    """That a forecast holds no more, if it was told."""
    if trend is None or trend.told is None:
        return None
    low, high = rules.limits_of(patient, SIGNS[code])
    return Forecast(
        code=code,
        direction=trend.direction,
        state="over",
        limit=low if trend.direction == "low" else high,
        value=round(patient.vitals[code].history.value, 2),
        slope_per_hour=None,
        minutes=None,
        from_=moment_of(trend.samples[0][0]),
    )


def line_of(samples: Samples, now: int, side: float) -> Line | None:
    """The line through samples by Theil and Sen, `side` being 1 upwards and -1 downwards; None where they are few."""
    count = len(samples)
    if count < _LEAST or samples[-1][0] - samples[0][0] < _LEAST_TIME:
        return None
    slopes, newest = _slopes(samples, side), _slopes(samples[count // 2 :], side)
    reach = _QUANTILE * math.sqrt(count * (count - 1) * (2 * count + 5) / 18)
    slope = _middle(slopes)
    level = _middle(sorted(value + side * slope * (now - at) for at, value in samples))
    least = slopes[max(0, int((len(slopes) - reach) / 2))]
    return Line(level, slope * HOUR, least * HOUR, _middle(newest) * HOUR)


def _slopes(samples: Samples, side: float) -> list[float]:
    """The slopes between any two samples, the least first."""
    return sorted(side * (later - value) / (then - at) for (at, value), (then, later) in combinations(samples, 2))


def _nearest(limits: tuple[float | None, float | None], value: float, usual: float) -> tuple[Direction, float, float]:
    """The limit that a value is on its way to, and how much of the way from the usual it has gone; over 1 beyond it."""
    low, high = limits
    if value >= usual:
        return "high", high or 0.0, (value - usual) / (high - usual) if high is not None and high > usual else 0.0
    return "low", low or 0.0, (usual - value) / (usual - low) if low is not None and low < usual else 0.0


def _begun(stretch: Stretch) -> Samples:
    """What the history keeps of the last hour, at least two minutes apart."""
    history: History = stretch.history
    times, due = history.times, history.at
    samples: Samples = []
    for index in range(len(history) - 1, -1, -1):
        at = times[index]
        if at < history.at - _OLDEST or len(samples) == _MOST:
            break
        if at <= due:
            samples.append((at, history.median_before(index) if stretch.is_continuous else history.values[index]))
            due = at - _SPACING
    return samples[::-1]


def _with(samples: Samples, at: int, value: float) -> Samples:
    """The samples with one more, if it is time for one; else the very same."""
    if samples and at < samples[-1][0] + _SPACING:
        return samples
    return [*(each for each in samples if each[0] >= at - _OLDEST), (at, round(value, 2))][-_MOST:]


def _minutes(line: Line, limit: float, direction: Direction, *, is_told: bool) -> float | None:
    """In how many minutes the line crosses the limit; None where that is not credible, too far, or about now.

    What was told holds while the slope is towards the limit, and the crossing is not much further off.
    """
    way = limit - line.level if direction == "high" else line.level - limit
    if line.slope <= 0:
        return None
    minutes = 60 * max(way, 0.0) / line.slope
    if is_told:
        return minutes if minutes <= _OVER_BEYOND else None
    if line.least_slope <= 0 or line.newest_slope < _STILL_GOING * line.slope:
        return None
    slowest = 60 * way / line.least_slope
    return minutes if _TOLD_FROM <= minutes <= _TOLD_WITHIN and slowest <= _SLOWEST * _TOLD_WITHIN else None


def _state(told: int | None, at: int, minutes: float) -> ForecastState | None:
    """As what a crossing in so many minutes is to be told; None where it is about what was told."""
    if told is None:
        return "begun"
    expected = (told - at) / MINUTE
    change = abs(minutes - expected)
    return "changed" if change >= _LEAST_CHANGE and change >= _LEAST_SHARE * max(expected, minutes) else None


def _middle(ordered: list[float]) -> float:
    count = len(ordered)
    return (ordered[count // 2] + ordered[(count - 1) // 2]) / 2
