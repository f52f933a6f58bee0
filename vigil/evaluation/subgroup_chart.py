"""How well each group of patients is ranked, as a chart."""

from collections.abc import Mapping

from models.evaluation.subgroups import Subgroup
from vigil.evaluation.chart import Axis, Interval, interval_chart


def subgroup_chart(title: str, subgroups: Mapping[str, Mapping[str, Subgroup]], whole: float | None) -> str:
    """AUROC by group with its interval, beside that of all; one that can't be told is named all the same."""
    rows = [
        Interval(
            f"{group} ({each.positives} of {each.rows})",
            float("nan") if each.auroc.value is None else each.auroc.value,
            each.auroc.low,
            each.auroc.high,
        )
        for groups in subgroups.values()
        for group, each in groups.items()
    ]
    return interval_chart(title, Axis("AUROC", 0.4, 1), rows, whole)
