"""The report of `vigil evaluate anomaly` as a page."""

from models.evaluation.nab import Standing
from vigil.evaluation.anomaly import AnomalyReport
from vigil.evaluation.chart import Axis, Interval, interval_chart
from vigil.evaluation.page import Section, Table, page


def anomaly_page(told: AnomalyReport) -> str:
    """Where the scores stand, then what stood out most in each file."""
    lead = [
        f"{told.files} series, {told.rows:,} rows, {told.windows} windows of anomalies.",
        "Each row was scored before the next one was known, by a detector that begins anew with each file.",
        "Standings are by our reading of the Numenta Anomaly Benchmark's rule; its own scorer decides.",
    ]
    by_category = [
        Interval(category, found.score) for category, found in told.by_category.items() if found.score is not None
    ]
    standings = Section(
        "Standing",
        [f"Skipped: {', '.join(f'{what} {count:,}' for what, count in told.skipped.items()) or 'nothing'}."],
        [
            Table(
                ["profile", "score", "windows found", "false detections"],
                [_row(*each) for each in told.standing.items()],
            )
        ],
        [
            interval_chart(
                "By category, standard profile, each at its best threshold", Axis("score", 0, 100), by_category
            )
        ],
    )
    rows = [
        [
            name,
            f"{file.rows:,}",
            str(file.windows),
            file.most_surprising or "nothing",
            "" if file.value is None else f"{file.value:g}",
            "" if file.usual is None else f"{file.usual:g}",
            file.driver or "",
        ]
        for name, file in told.by_file.items()
    ]
    heads = ["file", "rows", "windows", "stood out most", "value", "usual", "against"]
    return page("Anomalies in series", lead, [standings, Section("Files", [], [Table(heads, rows)])])


def _row(name: str, found: Standing) -> list[str]:
    score = "none" if found.score is None else f"{found.score:.1f}"
    return [name, score, f"{found.windows_found} of {found.windows}", f"{found.false_detections:,}"]
