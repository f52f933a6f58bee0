"""Quality by subgroup: who is served worse is found out, and nobody by chance of a few."""

import random
import statistics
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from models import codec
from models.events import Example, Sex, Subgroup
from models.risk.learner import Learner
from models.risk.progress import Progress
from models.risk.subgroups import Subgroups

START = datetime(2026, 11, 21, tzinfo=UTC)


def told(sheets: Subgroups, whole: Progress) -> dict[str, Subgroup]:
    return {each.group: each for each in sheets.told(whole)}


def judged(number: int, seed: int = 1) -> tuple[Subgroups, Progress]:
    """Forecasts that are good for women and no better than chance for men."""
    pick, sheets, whole = random.Random(seed), Subgroups(), Progress()
    for _ in range(number):
        sex, label = pick.choice(("female", "male")), pick.random() < 0.3
        probability = 1 / (1 + 2.718 ** -pick.gauss(2 * label - 1 if sex == "female" else 0, 1))
        whole.count(probability, 2, label)
        sheets.count(("65 to 79", sex, "unknown"), probability, 2, label)
    return sheets, whole


def test_a_group_that_is_served_worse_falls_behind_and_the_others_do_not() -> None:
    found = told(*judged(1000))

    assert {group: each.falls_behind for group, each in found.items()} == {
        "65 to 79": False,
        "female": False,
        "male": True,
        "unknown": False,
    }
    assert found["male"].low is not None
    assert found["male"].low < 0.5 < (found["male"].high or 0)
    assert found["female"].quality.examples + found["male"].quality.examples == 1000
    assert found["65 to 79"].quality == judged(1000)[1].quality()


def test_of_a_few_nothing_is_said_beyond_the_figures() -> None:
    found = told(*judged(20))["male"]

    assert (found.low, found.high, found.falls_behind) == (None, None, False)
    assert found.quality.auroc is not None


def test_the_interval_is_as_wide_as_chance_makes_it() -> None:
    samples = [told(*judged(300, seed))["female"] for seed in range(100)]

    spread = statistics.stdev(each.quality.auroc or 0 for each in samples)
    reach = statistics.mean(((each.high or 0) - (each.low or 0)) / 2 for each in samples)
    assert reach == pytest.approx(1.96 * spread, rel=0.25)


def test_of_many_care_units_the_first_have_a_sheet_each_and_the_rest_one_together() -> None:
    sheets, whole = Subgroups(), Progress()
    for unit in [*(f"unit {number:02}" for number in range(60)), "u" * 100, "unknown", "unit 07"]:
        whole.count(0.1, 2, False)
        sheets.count(("65 to 79", "female", unit), 0.1, 2, False)

    counts = {each.group: each.quality.examples for each in sheets.told(whole) if each.grouping == "care unit"}

    assert len(counts) == 52
    assert (counts["unit 07"], counts["unit 49"], counts["other"], counts["unknown"]) == (2, 1, 11, 1)
    assert sum(counts.values()) == whole.examples


def example(hour: int, pick: random.Random) -> bytes:
    """An hour of somebody of whom a fast heart says what comes, unless it is a man."""
    sex: Sex | None = pick.choice(("female", "female", "male", None))
    high = pick.gauss(0, 1)
    label = (pick.gauss(0, 1) if sex == "male" else high) > 0.5
    at = START + timedelta(hours=hour)
    return codec.encode(
        Example(
            patient_id="p",
            at=at,
            known_at=at + timedelta(hours=6),
            label=label,
            reason="news2" if label else "nothing",
            known_points=2,
            features={"heart_rate.high": round(high, 3), "age.decades": pick.choice((3.0, 8.5))},
            sex=sex,
            ward=pick.choice(("MICU", "CCU", " ")),
            origin="live",
        )
    )


def test_a_version_says_what_it_learned_from_and_whom_it_serves() -> None:
    pick, learner = random.Random(1), Learner()
    for offset in range(1500):
        learner.advance(example(offset, pick), offset=offset)

    [version] = learner.published
    assert version is not None
    assert version.learned is not None
    assert version.learned.examples == version.version + 1
    assert version.learned.since == START
    assert version.learned.until == START + timedelta(hours=version.version)
    told_of = version.subgroups or []
    found = {each.group: each for each in told_of if each.grouping == "sex"}
    assert [each.group for each in told_of if each.grouping == "age"] == ["16 to 49", "80 and over"]
    assert list(found) == ["female", "male", "unknown"]
    assert [each.group for each in told_of if each.grouping == "care unit"] == ["CCU", "MICU", "unknown"]
    for grouping in ("age", "care unit"):
        counted = [each.quality.examples for each in told_of if each.grouping == grouping]
        assert sum(counted) == version.quality.examples
    assert sum(found[sex].quality.examples for sex in ("female", "male", "unknown")) == version.quality.examples
    assert (found["male"].falls_behind, found["female"].falls_behind) == (True, False)
    expected = [found[sex].quality.expected or 0 for sex in ("female", "male", "unknown")]
    assert sum(expected) == pytest.approx(version.quality.expected, abs=0.001)
    assert len(codec.encode(version)) < 25_000
    assert msgspec.convert(msgspec.to_builtins(version), type(version)) == version


def test_an_age_that_can_not_be_stops_no_learner() -> None:
    learner, value = Learner(), example(0, random.Random(1))
    for offset in range(30):
        learner.advance(value.replace(b'"age.decades":8.5', b'"age.decades":99999.0'), offset=offset)

    assert learner.near_term.gate.standing.lesson.examples == 30
