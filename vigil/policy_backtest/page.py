"""The report of a backtest of policies as one page that stands alone."""

from collections.abc import Sequence

from models.evaluation.alert_match import Pair, Span
from models.instants import HOUR, MINUTE
from models.vital_signs import SIGNS
from vigil.evaluation.chart import Axis, Interval, Line, interval_chart, line_chart
from vigil.evaluation.page import Section, Table, page
from vigil.policy_backtest.report import Comparison, Found, PolicyReport, is_before_event
from vigil.policy_backtest.tables import burden_table, difference_table, summary_table
from vigil.policy_backtest.timeline import timeline

_MOST_DIFFERENCES = 1000
_MOST_TIMELINES = 200
_TITLES = {"news2": "NEWS2", "no-data": "no data"}


def policy_page(found: Found) -> str:
    """What policies cost and are worth, then how the two that are compared differ, patient by patient."""
    report = found.report
    return page(
        "Backtest of alert policies",
        _lead(report),
        [
            Section("Side by side", _DEFINITIONS, [summary_table(report)]),
            Section("Alarm burden", _BURDEN, [burden_table(report)], _charts(report)),
            _differences(found),
            _timelines(found),
        ],
    )


_DEFINITIONS = (
    "An event is a death, or the first NEWS2 of 7 or more of a patient whose first score was under 7.",
    "It is foretold by an alert in the 12 hours before it. An alert is right if an event comes within 12 hours.",
    (
        "Fixed limits are those of the clinical decisions with no delay, no clearing band and no episode: each value "
        "outside alarms. A monitor that sounds until a value is inside again alarms once for each run of such values."
    ),
)
_BURDEN = (
    (
        "Every alert that was raised was notified or suppressed. By delay: its condition was over before its delay had "
        "passed. By episode: it stood by another alert of the same patient as evidence."
    ),
    "A duplicate is a second call for one condition within 15 minutes that is no more urgent.",
)


def _lead(report: PolicyReport) -> list[str]:
    events = f"{report.events['death']:,} deaths, {report.events['news2']:,} times a first NEWS2 of 7 or more"
    return [
        (
            f"{report.source}: {report.readings:,} readings of {report.patients:,} patients in "
            f"{report.patient_days:,.1f} patient-days; {events}."
        ),
        "Each policy was folded over the same records by the code that watches patients.",
        "What would have been measured or done had somebody been called is not known.",
    ]


def _charts(report: PolicyReport) -> list[str]:
    days = report.patient_days or 1.0
    burdens = [(side.name, side.burden) for side in report.sides if side.burden is not None]
    hours = [
        Line(name, [(float(hour), count / days * 24) for hour, count in enumerate(burden.by_hour)], has_marks=True)
        for name, burden in burdens
    ]
    charts = [
        line_chart("Calls by hour of the day (UTC)", Axis("hour", 0, 23), Axis("a patient-day, at that rate"), hours)
    ]
    for title, counts in (("kind", "by_kind"), ("priority", "by_priority")):
        rows = [
            Interval(f"{what}: {name}", getattr(burden, counts).get(what, 0) / days)
            for what in sorted({each for _, burden in burdens for each in getattr(burden, counts)})
            for name, burden in burdens
        ]
        charts.append(interval_chart(f"Calls by {title}", Axis("a patient-day", 0, 0.1), rows))
    return charts


def _differences(found: Found) -> Section:
    comparison = found.report.comparison
    rows = [
        _difference(pair, comparison, found)
        for each in comparison.patients
        for pair in found.pairs[each.patient_id]
        if pair.later_by != 0
    ]
    left_out = len(rows) - _MOST_DIFFERENCES
    text = [
        "Alerts are the same if they are of one patient, kind, code and direction, and their times overlap.",
        _patients_shown(comparison),
        *([f"Of the differences of these patients {left_out:,} are left out."] if left_out > 0 else []),
    ]
    heads = ["patient", "after", "alert", "priority", "difference", "event within 12 h", "why"]
    return Section(
        f"What {comparison.second} would do otherwise than {comparison.first}",
        text,
        [difference_table(comparison), Table(heads, rows[:_MOST_DIFFERENCES], ends_in_words=True)],
    )


def _patients_shown(comparison: Comparison) -> str:
    shown = f"Those {len(comparison.patients):,} patients follow whose alerts differ"
    if comparison.patients_left_out:
        return f"{shown} most; {comparison.patients_left_out:,} more are left out."
    return f"{shown}, those that differ most first."


def _difference(pair: Pair, comparison: Comparison, found: Found) -> list[str]:
    span = pair.span
    since, _ = found.happenings.spans.get(span.patient_id, (span.at, span.at))
    return [
        span.patient_id,
        f"{(span.at - since) / HOUR:.1f} h",
        _condition(span),
        span.priority,
        _what_differs(pair, comparison),
        "yes" if is_before_event(span, found.happenings) else "no",
        span.reason,
    ]


def _condition(span: Span) -> str:
    """What an alert is about: "NEWS2", "limit, heart rate high"."""
    sign = SIGNS.get(span.code or "")
    if span.kind == "news2" or sign is None:
        return _TITLES.get(span.kind, span.kind)
    return f"{span.kind}, {sign.title} {span.direction or ''}".rstrip()


def _what_differs(pair: Pair, comparison: Comparison) -> str:
    if pair.second is None:
        return f"{comparison.first} alone"
    if pair.later_by is None:
        return f"{comparison.second} alone"
    minutes = abs(pair.later_by) / MINUTE
    return f"{comparison.second} {minutes:,.1f} min {'later' if pair.later_by > 0 else 'earlier'}"


def _timelines(found: Found) -> Section:
    """Everybody who had an alert, as many as fit: first those whose alerts differ, then the others by id."""
    comparison = found.report.comparison
    differing = [each.patient_id for each in comparison.patients]
    shown = [*differing, *sorted(found.pairs.keys() - set(differing))][:_MOST_TIMELINES]
    left_out = len(found.pairs) - len(shown)
    charts = [
        timeline(
            patient_id,
            [
                (comparison.first, _spans([pair.first for pair in found.pairs[patient_id]])),
                (comparison.second, _spans([pair.second for pair in found.pairs[patient_id]])),
            ],
            found.happenings.events.get(patient_id, ()),
            found.happenings.spans.get(patient_id, _span_of(found.pairs[patient_id])),
        )
        for patient_id in shown
    ]
    text = [
        (
            "Each bar is an alert from the first call until its condition was over; each letter in it is a call, of "
            "high, medium or low priority."
        ),
        "Time is since the first that was heard of the patient.",
        "Those whose alerts differ come first, then all others who had one."
        + (f" {left_out:,} are left out." if left_out > 0 else ""),
    ]
    return Section("Patient by patient", text, (), charts)


def _spans(spans: Sequence[Span | None]) -> list[Span]:
    return [span for span in spans if span is not None]


def _span_of(pairs: Sequence[Pair]) -> tuple[int, int]:
    """From the first alert to the last of somebody of whom nothing else was heard, such as a gateway."""
    times = [pair.span.at for pair in pairs]
    return min(times), max(times)
