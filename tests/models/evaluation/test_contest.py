"""A contest by hour: a model of its own at each hour, or one in all of them if it is told the hour."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

import numpy as np
import pytest

from models.evaluation.contest import contests_by_hour, online_by_hour
from models.evaluation.row import Row, packed
from models.risk.stay_features import ELAPSED

BEGUN: list["Counting"] = []


class Counting:
    """Foretells how many examples it has learned, as a share of a hundred."""

    name: ClassVar[str] = "counting"

    def __init__(self, names: Sequence[str]) -> None:
        self.learned = 0
        BEGUN.append(self)

    def predict(self, features: Mapping[str, float]) -> float:
        return self.learned / 100

    def learn(self, features: Mapping[str, float], label: bool) -> None:
        self.learned += 1


def rows(patients: Sequence[int], names: Sequence[str]) -> list[Row]:
    """Each patient is asked about at hours 6 and 12 of a day of their own, and the outcome is known at its end."""
    return [
        Row(
            patient_id=f"p{patient}",
            asked_at=24 * patient + hour,
            known_at=24 * patient + 23,
            label=patient % 2 == 0,
            features=packed({name: float(hour) for name in names}, names),
            scores={},
            groups={},
            hour=hour,
        )
        for patient in patients
        for hour in (6, 12)
    ]


@pytest.mark.parametrize(
    ("names", "models", "a_stay"), [(("age",), 2, 1), ((ELAPSED, "age"), 1, 2)], ids=["each-hour", "told-the-hour"]
)
def test_a_model_that_is_told_the_hour_learns_from_all_hours(names: Sequence[str], models: int, a_stay: int) -> None:
    BEGUN.clear()
    contests = contests_by_hour(rows(range(4), names), rows(range(4, 6), names), names)

    found = online_by_hour(contests, Counting, lambda: 0)

    assert len(BEGUN) == models
    assert list(found) == [6, 12]
    for predicted, _, _ in found.values():
        assert predicted.before is not None
        assert predicted.before == pytest.approx(np.arange(4) * a_stay / 100)
        assert predicted.values == pytest.approx(np.arange(4, 6) * a_stay / 100)
