"""Whether a model serves every group of patients: the same figures by care unit, age and sex."""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from models.evaluation import weighted
from models.evaluation.bootstrap import RESAMPLES, Estimate, estimate, resampled, told
from models.evaluation.row import Row, sample_of_rows
from models.evaluation.sample import Flags, Floats, Sample
from models.groups import GROUPS

_LEAST_OF_EACH = 10


class Subgroup(Struct, frozen=True, kw_only=True):
    """One group: how many rows, of how many the worst came, how many were foretold, and how well they are ranked.

    `falls_behind`: even the upper end of its interval is below the AUROC of all rows together, and there are at least
    ten rows of each outcome to say so.
    """

    rows: int
    positives: int
    expected: float | None
    auroc: Estimate
    falls_behind: bool


def subgroups_of(predicted: Floats, rows: Sequence[Row], resamples: int = RESAMPLES) -> dict[str, dict[str, Subgroup]]:
    """By what patients are grouped, and by group in order of names."""
    sample = sample_of_rows(rows)
    whole = weighted.auroc(predicted, sample.labels, np.ones((1, len(rows))))[0]
    found: dict[str, dict[str, Subgroup]] = {}
    for grouping in GROUPS:
        members = np.array([row.groups[grouping] for row in rows])
        found[grouping] = {
            str(group): _subgroup(predicted, rows, members == group, float(whole), resamples)
            for group in np.unique(members)
        }
    return found


def _subgroup(predicted: Floats, rows: Sequence[Row], chosen: Flags, whole: float, resamples: int) -> Subgroup:
    sample, values = sample_of_rows(rows).part(chosen), predicted[chosen]
    auroc = estimate(resampled({"": weighted.auroc}, {"": values}, sample, resamples)[""])
    return Subgroup(
        rows=len(values),
        positives=int(sample.labels.sum()),
        expected=told(values.sum()),
        auroc=auroc,
        falls_behind=auroc.high is not None and auroc.high < whole and _is_enough(sample),
    )


def _is_enough(sample: Sample) -> bool:
    positives = int(sample.labels.sum())
    return min(positives, len(sample.labels) - positives) >= _LEAST_OF_EACH
