"""The figures of a backtest of policies as tables, for a terminal and for a page."""

from collections.abc import Callable

from models.evaluation.alert_burden import Burden
from models.evaluation.proportion import Share
from vigil.evaluation.page import Table
from vigil.policy_backtest.report import Comparison, Count, PolicyReport, SideReport

_NONE = "-"


def summary_table(report: PolicyReport) -> Table:
    """What alerts cost and what they are worth, a column a side."""
    rows: list[tuple[str, Callable[[SideReport], str]]] = [
        ("alerts notified for patients, a patient-day", lambda side: _number(side.worth.alerts_per_patient_day)),
        ("fewer than values outside fixed limits", lambda side: _percent(side.fewer_than_each_value)),
        ("fewer than runs outside fixed limits", lambda side: _percent(side.fewer_than_each_run)),
        ("event sensitivity", lambda side: _share(side.worth.sensitivity)),
        ("  deaths", lambda side: _share(side.worth.sensitivity_by_kind["death"])),
        ("  first NEWS2 of 7 or more", lambda side: _share(side.worth.sensitivity_by_kind["news2"])),
        ("deaths, called or an alert stood", _stood("death")),
        ("first NEWS2 of 7 or more, called or an alert stood", _stood("news2")),
        ("positive predictive value", lambda side: _share(side.worth.positive_predictive_value)),
        ("lead time, h: median (quartiles)", _lead),
    ]
    return _table(report, rows)


def burden_table(report: PolicyReport) -> Table:
    """Alarm burden, a column a policy."""
    reasons = sorted({reason for side in report.sides if side.burden for reason in side.burden.suppressed})
    rows: list[tuple[str, Callable[[Burden], str]]] = [
        ("raised, a patient-day", lambda burden: _number(burden.raised_per_patient_day)),
        ("notified, a patient-day", lambda burden: _number(burden.notified_per_patient_day)),
        *((f"suppressed by {reason}, a patient-day", _suppressed(reason)) for reason in reasons),
        ("duplicates, a patient-day", lambda burden: _number(burden.duplicates_per_patient_day)),
        ("acknowledged, a patient-day", lambda burden: _number(burden.acknowledged_per_patient_day)),
        ("minutes to acknowledge: median, p95", _answer),
        ("actionable, of those judged", lambda burden: _percent(burden.actionable)),
        ("calls for the top tenth of patients", lambda burden: _percent(burden.top_decile)),
    ]
    for title, counts in (("priority", "by_priority"), ("kind", "by_kind"), ("ward", "by_ward")):
        names = sorted({name for side in report.sides if side.burden for name in getattr(side.burden, counts)})
        rows += [(f"notified, {title} {name}", _of(counts, name)) for name in names]
    burdens = [(side.name, side.burden) for side in report.sides if side.burden is not None]
    return Table(
        ["", *(name for name, _ in burdens)],
        [[title, *(told(burden) for _, burden in burdens)] for title, told in rows],
    )


def difference_table(comparison: Comparison) -> Table:
    """What the second of two sides would do otherwise than the first, against what came."""
    first, second = comparison.first, comparison.second
    rows = [
        ("both, at the same time", comparison.same_time),
        (f"both, {second} earlier", comparison.earlier),
        (f"both, {second} later", comparison.later),
        (f"{first} alone", comparison.only_first),
        (f"{second} alone", comparison.only_second),
    ]
    heads = ["notified by", "alerts", "of them within 12 h before an event", "by minutes, median"]
    return Table(heads, [[title, *_counted(count)] for title, count in rows])


def _table(report: PolicyReport, rows: list[tuple[str, Callable[[SideReport], str]]]) -> Table:
    heads = ["", *(side.name for side in report.sides)]
    return Table(heads, [[title, *(told(side) for side in report.sides)] for title, told in rows])


def _counted(count: Count) -> list[str]:
    return [f"{count.alerts:,}", f"{count.before_event:,}", _number(count.median_minutes)]


def _stood(kind: str) -> Callable[[SideReport], str]:
    return lambda side: _NONE if side.worth.called_or_standing is None else _share(side.worth.called_or_standing[kind])


def _suppressed(reason: str) -> Callable[[Burden], str]:
    return lambda burden: _number(burden.suppressed_per_patient_day.get(reason, 0.0))


def _of(counts: str, name: str) -> Callable[[Burden], str]:
    return lambda burden: f"{getattr(burden, counts).get(name, 0):,}"


def _answer(burden: Burden) -> str:
    delay = burden.minutes_to_acknowledge
    return _NONE if delay is None else f"{delay.median:g}, {delay.p95:g}"


def _lead(side: SideReport) -> str:
    lead = side.worth.lead_hours
    return _NONE if lead is None else f"{lead.median:.1f} ({lead.lower_quartile:.1f} to {lead.upper_quartile:.1f})"


def _number(value: float | None) -> str:
    return _NONE if value is None else f"{value:,.2f}"


def _percent(value: float | None) -> str:
    return _NONE if value is None else f"{value:.1%}".replace("%", " %")


def _share(share: Share) -> str:
    return _NONE if share.share is None else f"{share.share:.3f} ({share.hits:,} of {share.of:,})"
