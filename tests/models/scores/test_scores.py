"""The contract of every score, found by discovery: an interval that says what it does not know, for adults alone."""

import math
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import models.scores
from models.events import OtherScores, Score, ShockIndex
from models.scores import mews, news2, qsofa, shock_index, vitals_only_sirs
from models.scores.news2 import Input

MODULES = {each.name: import_module(f"models.scores.{each.name}") for each in iter_modules(models.scores.__path__)}
BY_POINTS = {name: module for name, module in MODULES.items() if name not in ("news2", "shock_index")}
OTHERS = {name: module for name, module in MODULES.items() if name != "news2"}
MOST = {"news2": 20, "mews": 14, "qsofa": 3, "vitals_only_sirs": 3, "shock_index": 15.0}
"""What each could be at worst, of all that is plausible."""
NOW = 1_700_000_000_000_000
PLAUSIBLE = {
    "respiratory_rate": st.floats(0, 100),
    "oxygen_saturation": st.floats(0, 100),
    "supplemental_oxygen": st.sampled_from([0.0, 1.0]),
    "systolic_blood_pressure": st.floats(20, 375),
    "heart_rate": st.floats(0, 300),
    "consciousness": st.sampled_from([0.0, 1.0, 2.0, 3.0, 4.0]),
    "temperature": st.floats(20, 47),
    "glasgow_coma_scale": st.integers(3, 15).map(float),
}
INPUTS = st.fixed_dictionaries(
    {name: st.none() | st.builds(Input, value, st.just(NOW), st.booleans()) for name, value in PLAUSIBLE.items()}
)


def fresh(**values: float) -> dict[str, Input]:
    return {name: Input(float(value), NOW, True) for name, value in values.items()}


def points(module: ModuleType, **values: float) -> int:
    found = module.score(fresh(**values))
    assert isinstance(found, Score)
    assert found.known_points is not None
    return found.known_points


def interval(found: Score | ShockIndex) -> tuple[float, float]:
    """The least that a score is and the most that it could be."""
    least, most = (found.known_points, found.max_possible) if isinstance(found, Score) else (found.least, found.most)
    assert least is not None
    assert most is not None
    return least, most


def names(module: ModuleType) -> list[str]:
    return [part if isinstance(part, str) else part.name for part in module.PARTS]


def one_line(found: Score | ShockIndex) -> bytes:
    return msgspec.json.encode(found)


@pytest.mark.parametrize("module", MODULES.values(), ids=MODULES)
@given(inputs=INPUTS)
def test_it_is_a_finite_interval_that_says_what_it_does_not_know(
    module: ModuleType, inputs: dict[str, Input | None]
) -> None:
    found = module.score(inputs)

    least, most = interval(found)
    assert 0 <= least <= most < math.inf
    assert {*found.missing} == {name for name in names(module) if inputs[name] is None}
    assert {*found.stale} >= {name for name in names(module) if (seen := inputs[name]) and not seen.is_fresh}
    known = len(names(module)) - len(found.missing) - len(found.stale)
    assert found.completeness == f"{known}/{len(names(module))}"


@pytest.mark.parametrize("module", BY_POINTS.values(), ids=BY_POINTS)
@given(inputs=INPUTS)
def test_it_is_never_above_what_its_parts_can_add_up_to(module: ModuleType, inputs: dict[str, Input | None]) -> None:
    assert module.score(inputs).max_possible <= sum(part.most for part in module.PARTS)


@pytest.mark.parametrize("module", MODULES.values(), ids=MODULES)
@given(inputs=INPUTS)
def test_what_becomes_known_never_widens_the_interval(module: ModuleType, inputs: dict[str, Input | None]) -> None:
    whole = {name: seen and Input(seen.value, seen.at, True) for name, seen in inputs.items()}

    before, after = interval(module.score(inputs)), interval(module.score(whole))

    assert before[0] <= after[0] <= after[1] <= before[1]


@pytest.mark.parametrize("module", MODULES.values(), ids=MODULES)
def test_nothing_known_is_no_points_and_anything_possible(module: ModuleType) -> None:
    found = module.score({})

    least, most = interval(found)
    assert (least, found.completeness) == (0, f"0/{len(module.PARTS)}")
    assert found.missing == names(module)
    assert most == (MOST[module.__name__.rpartition(".")[2]])


@pytest.mark.parametrize("module", MODULES.values(), ids=MODULES)
def test_the_first_observation_narrows_it(module: ModuleType) -> None:
    nothing, first = module.score({}), module.score(fresh(respiratory_rate=40, heart_rate=150))

    assert len(first.missing) < len(nothing.missing)
    assert interval(first)[0] > 0


@pytest.mark.parametrize("module", MODULES.values(), ids=MODULES)
@given(inputs=INPUTS)
def test_equal_inputs_are_equal_bytes_that_can_be_read_again(
    module: ModuleType, inputs: dict[str, Input | None]
) -> None:
    found = module.score(inputs)

    again = module.score(dict(reversed(inputs.items())))

    assert one_line(again) == one_line(found)
    assert msgspec.json.decode(one_line(found), type=type(found)) == found


def test_every_score_but_the_one_that_alerts_stands_in_an_assessment() -> None:
    assert {*OtherScores.__struct_fields__} == OTHERS.keys()


@pytest.mark.parametrize("module", OTHERS.values(), ids=OTHERS)
def test_it_is_not_for_a_child(module: ModuleType) -> None:
    found = module.score(fresh(heart_rate=150, systolic_blood_pressure=70), is_adult=False)

    assert found.not_applicable == "not for this age"
    assert getattr(found, "known_points", None) is None
    assert getattr(found, "value", None) is None


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"respiratory_rate": 14, "heart_rate": 72, "systolic_blood_pressure": 120, "temperature": 37.0}, 0),
        ({"respiratory_rate": 8}, 2),
        ({"respiratory_rate": 8.5}, 0),
        ({"respiratory_rate": 15}, 1),
        ({"respiratory_rate": 21}, 2),
        ({"respiratory_rate": 30}, 3),
        ({"systolic_blood_pressure": 70}, 3),
        ({"systolic_blood_pressure": 71}, 2),
        ({"systolic_blood_pressure": 81}, 1),
        ({"systolic_blood_pressure": 101}, 0),
        ({"systolic_blood_pressure": 200}, 2),
        ({"heart_rate": 40}, 2),
        ({"heart_rate": 50}, 1),
        ({"heart_rate": 51}, 0),
        ({"heart_rate": 101}, 1),
        ({"heart_rate": 111}, 2),
        ({"heart_rate": 130}, 3),
        ({"temperature": 34.9}, 2),
        ({"temperature": 35.0}, 0),
        ({"temperature": 38.4}, 0),
        ({"temperature": 38.45}, 2),
        ({"consciousness": 0}, 0),
        ({"consciousness": 1}, 1),
        ({"consciousness": 2}, 1),
        ({"consciousness": 3}, 2),
        ({"consciousness": 4}, 3),
        ({"consciousness": 1, "glasgow_coma_scale": 13}, 1),
        ({"consciousness": 1, "glasgow_coma_scale": 8}, 2),
        ({"consciousness": 1, "glasgow_coma_scale": 3}, 3),
        ({"consciousness": 3, "glasgow_coma_scale": 3}, 2),
        ({"consciousness": 0, "glasgow_coma_scale": 15}, 0),
    ],
)
def test_mews_follows_its_table(values: dict[str, float], expected: int) -> None:
    assert points(mews, **values) == expected


def test_mews_at_its_worst_is_fourteen() -> None:
    worst = {"respiratory_rate": 40, "heart_rate": 150, "systolic_blood_pressure": 60, "temperature": 40}

    assert points(mews, **worst, consciousness=4) == 14


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"respiratory_rate": 21}, 0),
        ({"respiratory_rate": 22}, 1),
        ({"systolic_blood_pressure": 100}, 1),
        ({"systolic_blood_pressure": 101}, 0),
        ({"consciousness": 1}, 1),
        ({"respiratory_rate": 22, "systolic_blood_pressure": 90, "consciousness": 4}, 3),
    ],
)
def test_qsofa_follows_its_criteria(values: dict[str, float], expected: int) -> None:
    assert points(qsofa, **values) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"temperature": 35.9}, 1),
        ({"temperature": 36.0}, 0),
        ({"temperature": 38.0}, 0),
        ({"temperature": 38.1}, 1),
        ({"heart_rate": 90}, 0),
        ({"heart_rate": 91}, 1),
        ({"respiratory_rate": 20}, 0),
        ({"respiratory_rate": 21}, 1),
    ],
)
def test_vitals_only_sirs_follows_its_strict_bounds(values: dict[str, float], expected: int) -> None:
    assert points(vitals_only_sirs, **values) == expected


def test_the_shock_index_is_heart_rate_by_systolic_pressure() -> None:
    found = shock_index.score(fresh(heart_rate=120, systolic_blood_pressure=80))

    assert (found.value, found.least, found.most) == (1.5, 1.5, 1.5)


def test_a_shock_index_of_values_far_apart_is_not_told_and_the_older_is_stale() -> None:
    early, late = Input(120.0, NOW, True), Input(80.0, NOW + 6 * 60 * 1_000_000, True)

    found = shock_index.score({"heart_rate": early, "systolic_blood_pressure": late})

    assert found.value is None
    assert found.stale == ["heart_rate"]
    assert found.least is not None
    assert found.most is not None
    assert found.least <= 1.5 <= found.most


@given(inputs=INPUTS)
def test_a_shock_index_lies_in_what_it_could_be(inputs: dict[str, Input | None]) -> None:
    found = shock_index.score(inputs)

    assert found.least is not None
    assert found.most is not None
    assert 0 <= found.least <= found.most
    assert found.value is None or found.value == found.least == found.most
    assert (found.value is None) == bool(found.missing or found.stale)


def test_news2_is_among_the_scores_that_are_found() -> None:
    assert MODULES["news2"] is news2
