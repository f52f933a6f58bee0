"""How well each group is foretold, by age, sex and care unit, so that a model that serves one worse is found out."""

import math
from collections.abc import Sequence

from msgspec import Struct, field

from models.events import Grouping, Subgroup
from models.groups import age_band
from models.risk.progress import Progress

_UNKNOWN = "unknown"
_NORMAL = 1.96
_LEAST_OF_EACH = 10
_DECIMALS = 4
_OTHER = "other"
_MOST_UNITS = 50
_LONGEST_NAME = 64


class Subgroups(Struct, array_like=True):
    """A score sheet for each group that was met.

    Of care units the first 50 have one each; a later one, or one with a name over 64 characters, is `other`.
    """

    by_age: dict[str, Progress] = field(default_factory=dict)
    by_sex: dict[str, Progress] = field(default_factory=dict)
    by_unit: dict[str, Progress] = field(default_factory=dict)

    def count(self, groups: Sequence[str], probability: float, known_points: int, label: bool) -> None:
        """Takes what was foretold of one example of these groups (age band, sex, care unit), and what came."""
        age, sex, unit = groups
        told = ((self.by_age, age), (self.by_sex, sex), (self.by_unit, self._known_unit(unit)))
        for sheets, group in told:
            sheets.setdefault(group, Progress()).count(probability, known_points, label)

    def _known_unit(self, unit: str) -> str:
        if unit in self.by_unit or unit == _UNKNOWN:
            return unit
        has_room = len(self.by_unit.keys() - {_UNKNOWN, _OTHER}) < _MOST_UNITS
        return unit if has_room and len(unit) <= _LONGEST_NAME else _OTHER

    def told(self, of_all: Progress) -> list[Subgroup]:
        """What to tell of each, in order of names, held against all together."""
        whole = of_all.by_log_odds.auroc
        kinds: tuple[tuple[Grouping, dict[str, Progress]], ...] = (
            ("age", self.by_age),
            ("sex", self.by_sex),
            ("care unit", self.by_unit),
        )
        return [_told(kind, group, sheets[group], whole) for kind, sheets in kinds for group in sorted(sheets)]


def groups_of(age: float | None, sex: str | None, ward: str | None) -> tuple[str, str, str]:
    """The age band, the sex and the care unit of an example's patient, each `unknown` where it was not told."""
    return age_band(age), sex or _UNKNOWN, (ward or "").strip() or _UNKNOWN


def _told(grouping: Grouping, group: str, sheet: Progress, whole: float | None) -> Subgroup:
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
