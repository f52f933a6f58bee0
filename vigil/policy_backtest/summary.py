"""A backtest of policies for a terminal."""

from vigil.evaluation.tables import columns
from vigil.policy_backtest.report import PolicyReport
from vigil.policy_backtest.tables import burden_table, difference_table, summary_table

_MOST_PATIENTS = 10


def as_text(report: PolicyReport) -> str:
    """The tables one below the other, then the patients whose alerts differ most."""
    comparison = report.comparison
    events = ", ".join(f"{kind} {count:,}" for kind, count in report.events.items())
    lines = [
        (
            f"{report.source}: {report.readings:,} readings of {report.patients:,} patients, "
            f"{report.patient_days:,.1f} patient-days; events: {events}"
        ),
        *(["", f"{report.unusable:,} records could not be used"] if report.unusable else []),
        "",
        *columns(summary_table(report)),
        "",
        *columns(burden_table(report)),
        "",
        f"What {comparison.second} would do otherwise than {comparison.first}",
        *columns(difference_table(comparison)),
    ]
    if comparison.patients:
        most = ", ".join(f"{each.patient_id} ({each.total})" for each in comparison.patients[:_MOST_PATIENTS])
        lines += ["", f"patients who differ most: {most}"]
    return "\n".join(line.rstrip() for line in lines)
