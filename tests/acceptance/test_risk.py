"""The learned risk in the fold: examples once their label is known, forecasts in the shadow, models come and go."""

import json
from typing import Any

import pytest

from models.events import Assessment, DeadLetter, Example, Risk

HIGH = {"RR": 26, "SPO2": 91, "HR": 134}
QUALITY = {"examples": 9, "positives": 1, "auroc": 0.7, "news2_auroc": 0.6, "brier": 0.1, "log_loss": 0.3}


def model(version: int, weight: float = 1.0, **fields: Any) -> dict[str, Any]:
    weights = [{"feature": "heart_rate.high", "weight": weight, "mean": 0, "spread": 1}]
    record = {"type": "ModelPublished", "version": version, "at": "2026-11-21T00:00:00Z", "by": "learner"}
    return {**record, "intercept": -2, "weights": weights, "quality": QUALITY, **fields}


def withdrawal(version: int) -> dict[str, Any]:
    record = {"type": "ModelWithdrawn", "version": version, "at": "2026-11-21T00:00:00Z"}
    return {**record, "by": "dr-3", "reason": "another ward"}


def examples(ward: Any) -> list[tuple[str, bool, str]]:
    """Each example that came out: when it was looked at, its label, why."""
    return [(each.at.strftime("%H:%M"), each.label, each.reason) for each in ward.said(Example)]


@pytest.fixture
def watched(ward: Any) -> Any:
    """A ward with a clock and one adult of whom all is known."""
    ward.tick("00:00:00")
    ward.adult("p1")
    return ward


# --- Examples ---------------------------------------------------------------------------------------------------------


def test_each_hour_below_seven_is_an_example_when_the_worst_comes(watched: Any) -> None:
    for hour in (1, 2, 3):
        watched.tick(f"0{hour}:00:00")
        watched.well("p1", f"0{hour}:00:00")
        watched.well("p1", f"0{hour}:30:00")
    watched.tick("04:00:00")

    watched.well("p1", "04:00:00", **HIGH)

    assert examples(watched) == [("01:00", True, "news2"), ("02:00", True, "news2"), ("03:00", True, "news2")]
    found = watched.said(Example)[0]
    assert (found.known_at, found.known_points) == (watched.time("04:00:00"), 0)
    assert found.features["heart_rate.low"] == 0.4
    assert "lactate.log" not in found.features


def test_an_example_says_of_which_sex_and_ward_so_that_each_can_be_judged_and_no_feature_does(watched: Any) -> None:
    watched.adult("p2", sex="female", ward="MICU")
    for patient in ("p1", "p2"):
        watched.well(patient, "00:00:00")
        watched.outcome(patient, "01:00:00", "death")

    first, second = watched.said(Example)

    assert [(each.sex, each.ward) for each in (first, second)] == [(None, None), ("female", "MICU")]
    assert first.features == second.features


def test_six_quiet_hours_are_an_example_of_nothing(watched: Any) -> None:
    watched.well("p1", "00:00:00")
    watched.tick("05:00:00")
    watched.well("p1", "05:00:00")

    watched.tick("06:00:59")
    assert examples(watched) == []

    watched.tick("06:01:00")
    assert examples(watched) == [("00:00", False, "nothing")]


def test_a_tick_tells_each_example_once(watched: Any) -> None:
    watched.well("p1", "00:00:00")
    watched.tick("01:00:00")
    watched.well("p1", "01:00:00")

    watched.ticks("02:00:00", "12:00:00", 600)

    assert examples(watched) == [("00:00", False, "nothing")]
    assert watched.fold.census.examples_dropped == {"unseen": 1}


@pytest.mark.parametrize(("kind", "came"), [("death", [("00:00", True, "death")]), ("discharge", []), ("transfer", [])])
def test_death_is_the_worst_and_who_leaves_is_no_example(watched: Any, kind: str, came: list[Any]) -> None:
    watched.well("p1", "00:00:00")

    watched.outcome("p1", "02:00:00", kind)

    assert examples(watched) == came
    assert watched.fold.census.examples_dropped == {"never-asked": 1} | ({} if came else {"left": 1})


def test_deterioration_is_the_worst_and_the_patient_is_watched_on(watched: Any) -> None:
    watched.well("p1", "00:00:00")
    watched.outcome("p1", "02:00:00", "deterioration")
    watched.tick("02:30:00")
    watched.well("p1", "02:30:00")
    watched.outcome("p1", "03:00:00", "death")

    assert examples(watched) == [("00:00", True, "deterioration"), ("02:30", True, "death")]


def test_consciousness_that_is_told_by_a_context_can_be_the_worst(watched: Any) -> None:
    watched.well("p1", "00:00:00", RR=22, HR=112)
    watched.tick("00:30:00")
    watched.context("p1", "00:30:00", consciousness="C")

    assert examples(watched) == [("00:00", True, "news2")]


def test_nobody_is_an_example_at_seven_or_more_or_as_a_child_or_before_the_clock(ward: Any) -> None:
    ward.adult("p3")
    ward.well("p3", "00:00:00")
    ward.tick("00:00:10")
    ward.adult("p1")
    ward.well("p1", "00:00:00", **HIGH)
    ward.context("p2", age=7)
    ward.well("p2", "00:00:00")

    ward.outcome("p1", "01:00:00", "death")
    ward.outcome("p2", "01:00:00", "death")
    ward.outcome("p3", "01:00:00", "death")

    assert examples(ward) == []


def test_a_patient_who_falls_below_seven_again_is_an_example_again(watched: Any) -> None:
    watched.well("p1", "00:00:00", **HIGH)
    watched.tick("01:00:00")
    watched.well("p1", "01:00:00")
    watched.well("p1", "01:10:00", **HIGH)

    assert examples(watched) == [("01:00", True, "news2")]


def test_a_late_value_labels_by_its_own_time_and_begins_nothing(watched: Any) -> None:
    watched.well("p1", "00:00:00")
    watched.tick("03:00:00")
    watched.well("p1", "03:00:00")

    late = watched.well("p1", "01:00:00", **HIGH)

    assert late.amended
    assert examples(watched) == [("00:00", True, "news2")]


def test_a_duplicate_is_no_example(watched: Any) -> None:
    first = watched.well("p1", "00:00:00")
    watched.tick("02:00:00")
    watched.observe("p1", "02:00:00", reading_id=first.reading_id, HR=70)

    watched.outcome("p1", "02:30:00", "death")

    assert examples(watched) == [("00:00", True, "death")]


# --- Forecasts --------------------------------------------------------------------------------------------------------


def test_before_any_model_nothing_is_foretold(watched: Any) -> None:
    assert watched.well("p1", "00:00:00").risk is None


def test_a_model_foretells_and_says_why_and_raises_nothing(watched: Any) -> None:
    watched.send(model(7, weight=4.0))

    risk = watched.well("p1", "00:00:00", HR=100).risk

    assert isinstance(risk, Risk)
    assert (risk.version, risk.probability) == (7, 0.8808)
    assert [(each.sign, each.value, each.effect) for each in risk.drivers] == [("heart_rate", 100.0, 4.0)]
    assert [alert for alert in watched.history() if alert.kind == "risk"] == []


def test_the_highest_version_that_was_not_withdrawn_foretells(watched: Any) -> None:
    def foretelling(minute: int) -> int | None:
        risk = watched.well("p1", f"00:{minute:02}:00").risk
        return None if risk is None else int(risk.version)

    found = []
    for minute, record in enumerate([model(5), model(4), model(9), withdrawal(9), model(9), withdrawal(0), model(12)]):
        watched.send(record)
        found.append(foretelling(minute))

    assert found == [5, 5, 9, 5, 5, None, 12]


def test_nothing_is_foretold_of_the_past_of_children_or_of_what_is_there_already(watched: Any) -> None:
    watched.send(model(5))
    watched.context("p2", age=7)
    watched.tick("01:00:00")

    told: list[Assessment] = [
        watched.well("p1", "00:30:00"),
        watched.well("p2", "01:00:00"),
        watched.well("p1", "01:00:00", **HIGH),
    ]

    assert [each.risk for each in told] == [None, None, None]


def test_a_forecast_says_how_much_it_rests_on_and_how_old_that_is(watched: Any) -> None:
    watched.send(model(5))
    watched.tick("01:00:00")
    before = watched.context("p1", "01:00:00", ward="A1").risk

    watched.well("p1", "01:00:00")
    watched.tick("03:00:00")
    after = watched.observe("p1", "03:00:00", HR=80).risk

    assert (before.known, before.newest_hours, before.oldest_hours) == (3, 1, 1)  # Age, air, and alert.
    assert (after.known, after.newest_hours, after.oldest_hours) == (8, 0, 3)
    assert after.of == before.of > after.known


def test_who_has_no_forecast_is_counted_with_the_reason(ward: Any) -> None:
    def without() -> dict[str, int]:
        counted: dict[str, int] = {reason: count for (_, reason), count in ward.fold.census.without_risk.items()}
        return counted

    ward.tick("00:00:00")
    ward.context("child", age=7)
    ward.well("child", "00:00:00")
    ward.context("silent", age=70)
    ward.well("adult", "00:00:00")
    assert without() == {"not-applicable": 1, "nothing-known": 1, "no-model": 1}

    ward.send(model(5))
    assert without() == {"not-applicable": 1, "nothing-known": 1, "no-model": 0}

    ward.well("silent", "00:00:00")
    assert without() == {"not-applicable": 1, "nothing-known": 0, "no-model": 0}

    ward.outcome("child", "00:01:00", "discharge")
    assert without() == {"not-applicable": 0, "nothing-known": 0, "no-model": 0}


def test_a_tick_that_tells_of_staleness_foretells_too(watched: Any) -> None:
    watched.send(model(5))
    watched.well("p1", "00:00:00")

    watched.tick("01:00:01")

    assert watched.assessment().reading_id is None
    assert watched.assessment().risk is not None


@pytest.mark.parametrize(
    "spoiled",
    [
        {"weights": [{"feature": "hair_colour", "weight": 1, "mean": 0, "spread": 1}]},
        {"weights": [{"feature": "heart_rate.high", "weight": 1, "mean": 0, "spread": 0}]},
        {"weights": [{"feature": "heart_rate.high", "weight": 1e9, "mean": 1e9, "spread": 1e-320}]},
        {"weights": [{"feature": "heart_rate.high", "weight": 1e12, "mean": 0, "spread": 1}]},
        {"weights": [{"feature": "heart_rate.high", "weight": "NaN", "mean": 0, "spread": 1}]},
        {"weights": [{"feature": "heart_rate.high", "weight": 1, "mean": 0, "spread": 1}] * 1001},
        {"version": -1},
        {"intercept": None},
    ],
)
def test_a_model_that_can_not_be_used_is_a_dead_letter_and_changes_nothing(
    watched: Any, spoiled: dict[str, Any]
) -> None:
    watched.send(model(5))

    told = watched.send({**model(6), **spoiled})

    assert [(type(each), each.reason) for each in told] == [(DeadLetter, "invalid")]
    assert watched.well("p1", "00:00:00").risk.version == 5


def test_the_greatest_weights_that_are_let_in_foretell_without_failing(watched: Any) -> None:
    names = ["heart_rate.high", "heart_rate.low", "heart_rate.missing", "temperature.low"]
    extreme = [
        {"feature": name, "weight": sign * 1e9, "mean": -sign * 1e9, "spread": 1e-6}
        for name, sign in zip(names, (1, -1, 1, -1), strict=True)
    ]
    assert watched.send(model(6, intercept=-1e9, weights=extreme)) == []

    assert watched.well("p1", "00:00:00").risk.probability in (0.0, 1.0)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e999"])
def test_a_weight_that_is_no_number_is_refused(watched: Any, value: str) -> None:
    [letter] = watched.send(json.dumps(model(6)).replace('"weight": 1.0', f'"weight": {value}').encode())

    assert letter.reason == "invalid"
