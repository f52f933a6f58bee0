"""The report of `vigil evaluate onset` as a page."""

import math

from models.evaluation.onset import Figures
from models.instants import DAY
from vigil.evaluation.chart import Axis, Interval, Line, interval_chart, line_chart
from vigil.evaluation.onset import Course, OnsetReport
from vigil.evaluation.page import Section, Table, page

_MOST_CHARTS = 60


def onset_page(told: OnsetReport, found: list[Course]) -> str:
    """Figures, then each person's days with what was usual."""
    lead = [
        f"{told.people} people with a watch, {told.onsets} onsets. Each day was judged before the next one was known.",
        "A false alarm day is outside [-7, +21] days of the person's onset.",
        "Chance is a window of as many days laid anywhere on the person's days outside.",
    ]
    return page("Onset of illness by resting heart rate", lead, [_figures(told), *_people(told, found)])


def _figures(told: OnsetReport) -> Section:
    kinds = (
        ("as raised in the stream", told.as_raised),
        ("at 1 false alarm day in 30", told.at_one_false_alarm_day_in_30),
    )
    rows = [_row(name, figures) for name, figures in kinds]
    shares = [
        Interval(f"[{window}] {name}", share.share, share.low, share.high)
        for name, (_, figures) in zip(("in the stream", "at 1 in 30"), kinds, strict=True)
        for window, share in (("-7, 0", figures.before), ("-7, +7", figures.around))
        if share.share is not None
    ]
    heads = ["", "false alarm days", "of days", "[-7, 0]", "by chance", "[-7, +7]", "by chance"]
    chart = interval_chart("Onsets with an alarm, 95 % interval", Axis("share of onsets"), shares)
    text = [
        "The second row takes one threshold for all, read off these very days, as a point of a ROC curve is.",
        "Skipped: " + (", ".join(f"{what} {count:,}" for what, count in told.skipped.items()) or "nothing") + ".",
    ]
    return Section("Figures", text, [Table(heads, rows)], [chart])


def _row(name: str, figures: Figures) -> list[str]:
    def share(hits: int, of: int, chance: float | None) -> list[str]:
        return [f"{hits} of {of}", "unknown" if chance is None else f"{chance:.2f}"]

    return [
        name,
        str(figures.false_alarm_days),
        str(figures.days_outside),
        *share(figures.before.hits, figures.before.of, figures.chance_before),
        *share(figures.around.hits, figures.around.of, figures.chance_around),
    ]


def _people(told: OnsetReport, found: list[Course]) -> list[Section]:
    charts = [_course(course) for course in found[:_MOST_CHARTS] if course.days]
    text = [f"The first {_MOST_CHARTS} people are drawn."] if len(found) > _MOST_CHARTS else []
    rows = [
        [user, person.onset or "unknown", str(person.days), str(len(person.alarm_days))]
        for user, person in told.alarm_days.items()
    ]
    return [Section("People", text, [Table(["person", "onset", "days judged", "alarms"], rows)], charts)]


def _course(course: Course) -> str:
    start = course.onset if course.onset is not None else course.days[0].at // DAY
    days = [day.at // DAY - start for day in course.days]
    rates = [each for day in course.days for each in (day.rate, day.usual)]
    axes = Axis("days from onset", days[0], days[-1] + 1), Axis("/min", min(rates) - 2, max(rates) + 2)
    lines = [
        Line("resting heart rate", [(at, day.rate) for at, day in zip(days, course.days, strict=True)]),
        Line("usual of those hours", [(at, day.usual) for at, day in zip(days, course.days, strict=True)]),
        Line("alarm begins", _uprights([at for at, day in zip(days, course.days, strict=True) if day.raised], axes)),
        *([Line("", [(0, axes[1].low), (0, axes[1].high)])] if course.onset is not None else []),
    ]
    return line_chart(course.user, *axes, lines)


def _uprights(at: list[int], axes: tuple[Axis, Axis]) -> list[tuple[float, float]]:
    """An upright at each of these days, with a break after it."""
    low, high = axes[1].low, axes[1].high
    return [(day, y) for day in at for y in (low, high, math.nan)]
