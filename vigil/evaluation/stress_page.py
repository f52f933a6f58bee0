"""The report of `vigil evaluate stress` as a page."""

from vigil.evaluation.chart import Axis, Interval, interval_chart
from vigil.evaluation.page import Section, Table, page
from vigil.evaluation.stress import SCORES, StressReport


def stress_page(told: StressReport) -> str:
    """The mean over people of each score, then every person."""
    lead = [
        f"{told.people} people, {told.seconds:,} seconds, {told.seconds_of_stress:,} of them in a stress task.",
        "AUROC is within each person; each second was scored before the next one was known.",
        "Where tasks come in one order, the clock alone tells something: its own AUROC is beside the others.",
    ]
    means = [Interval(title, *_ends(told, name)) for name, title in _SHORT.items()]
    rows = [[title, *(f"{value:.3f}" for value in _ends(told, name))] for name, title in SCORES.items()]
    people = [[user, *(f"{found[name]:.3f}" for name in SCORES)] for user, found in told.auroc.items()]
    sections = [
        Section(
            "Mean over people",
            [f"Skipped: {', '.join(f'{what} {count:,}' for what, count in told.skipped.items()) or 'nothing'}."],
            [Table(["score", "AUROC", "from", "to (95 %)"], rows)],
            [interval_chart("AUROC, 95 % interval by drawing people", Axis("AUROC", 0.3, 1.0), means, 0.5)],
        ),
        Section(
            "Each person",
            [f"Of one class only, so not judged: {', '.join(told.one_class_only) or 'nobody'}."],
            [Table(["person", *_SHORT.values()], people)],
            [
                interval_chart(
                    "Arousal by heart rate, AUROC",
                    Axis("AUROC", 0.0, 1.0),
                    [Interval(user, found["arousal"]) for user, found in told.auroc.items()],
                    0.5,
                )
            ],
        ),
    ]
    return page("Stress against rest", lead, sections)


_SHORT = {
    "arousal": "arousal",
    "arousal_with_respiratory_rate": "arousal by both",
    "heart_rate": "heart rate",
    "respiratory_rate": "respiratory rate",
    "time_since_begin": "time since begin",
}


def _ends(told: StressReport, name: str) -> tuple[float, float, float]:
    mean = told.mean_auroc[name]
    return mean.value, mean.low, mean.high
