"""How well each group is foretold, by age and by sex, so that a model that serves one worse is found out."""

import math
from collections.abc import Sequence
from typing import Literal

from msgspec import Struct, field

from models.events import Subgroup
from models.groups import age_band
from models.risk.progress import Progress

_UNKNOWN = "unknown"
_NORMAL = 1.96
_LEAST_OF_EACH = 10
_DECIMALS = 4


class Subgroups(Struct, array_like=True):
    """A score sheet for each group that was met."""

    by_age: dict[str, Progress] = field(default_factory=dict)
    by_sex: dict[str, Progress] = field(default_factory=dict)

    def count(self, groups: Sequence[str], probability: float, known_points: int, label: bool) -> None:
        """Takes what was foretold of one example of these groups, age band first, and what came."""
        for sheets, group in zip((self.by_age, self.by_sex), groups, strict=True):
            sheets.setdefault(group, Progress()).count(probability, known_points, label)

    def told(self, of_all: Progress) -> list[Subgroup]:
        """What to tell of each, in order of names, held against all together."""
        whole = of_all.by_log_odds.auroc
        by_age = [_told("age", group, self.by_age[group], whole) for group in sorted(self.by_age)]
        return by_age + [_told("sex", group, self.by_sex[group], whole) for group in sorted(self.by_sex)]


def groups_of(age: float | None, sex: str | None) -> tuple[str, str]:
    """The age band and the sex of an example's patient, each `unknown` where it was not told."""
    return age_band(age), sex or _UNKNOWN


def _told(grouping: Literal["age", "sex"], group: str, sheet: Progress, whole: float | None) -> Subgroup:
    interval = _interval(sheet)
    low, high = interval or (None, None)
    return Subgroup(
        grouping=grouping,
        group=group,
        quality=sheet.quality(),
        low=low,
        high=high,
        falls_behind=high is not None and whole is not None and high < whole,
    )


def _interval(sheet: Progress) -> tuple[float, float] | None:
    """95 % around the AUROC (Hanley and McNeil 1982); none with fewer than ten courses of either kind."""
    auroc, bad, good = sheet.by_log_odds.auroc, sheet.positives, sheet.examples - sheet.positives
    if auroc is None or min(bad, good) < _LEAST_OF_EACH:
        return None
    of_bad, of_good = auroc / (2 - auroc), 2 * auroc**2 / (1 + auroc)
    spread = auroc * (1 - auroc) + (bad - 1) * (of_bad - auroc**2) + (good - 1) * (of_good - auroc**2)
    reach = _NORMAL * math.sqrt(max(spread, 0.0) / (bad * good))
    return round(max(auroc - reach, 0.0), _DECIMALS), round(min(auroc + reach, 1.0), _DECIMALS)
