"""What every personal baseline promises, for each sign that has one."""

import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from river import stats

from models.detectors.baseline import Baseline
from models.vital_signs import SIGNS, VitalSign

WITH_BASELINE = {sign.code: sign for sign in SIGNS.values() if sign.baseline is not None}
signs = st.sampled_from(list(WITH_BASELINE.values()))


def values_of(sign: VitalSign, **size: int) -> st.SearchStrategy[list[float]]:
    return st.lists(st.floats(*sign.hard), **size)


def learned(sign: VitalSign, values: list[float]) -> Baseline:
    baseline = Baseline.prior(sign.baseline)
    for value in values:
        baseline = baseline.learning(value, baseline.spread(sign.baseline.floor))
    return baseline


sign_and_values = signs.flatmap(lambda sign: st.tuples(st.just(sign), values_of(sign, max_size=80)))


@pytest.mark.parametrize("sign", WITH_BASELINE.values(), ids=lambda sign: sign.name)
def test_it_is_useful_before_the_first_value(sign: VitalSign) -> None:
    baseline = Baseline.prior(sign.baseline)

    assert baseline.z(sign.baseline.mean, sign.baseline.floor) == 0
    assert baseline.spread(sign.baseline.floor) == pytest.approx(sign.baseline.spread)
    assert baseline.z(sign.baseline.mean + 4 * sign.baseline.spread, sign.baseline.floor) == pytest.approx(4)


@pytest.mark.parametrize("sign", WITH_BASELINE.values(), ids=lambda sign: sign.name)
def test_its_prior_is_a_usual_adult(sign: VitalSign) -> None:
    assert sign.usual[0] < sign.baseline.mean < sign.usual[1]
    assert 0 < sign.baseline.floor <= sign.baseline.spread


@given(sign_and_values)
def test_it_stays_finite_and_bounded(given_values: tuple[VitalSign, list[float]]) -> None:
    sign, values = given_values
    floor = sign.baseline.floor

    baseline = learned(sign, values)

    assert baseline.learned == len(values)
    assert baseline.weight <= 500
    assert math.isfinite(baseline.mean)
    assert floor <= baseline.spread(floor) < math.inf
    if values:
        assert min(values) - 1e-6 <= baseline.mean <= max(values) + 1e-6 or len(values) == 0
    assert all(math.isfinite(baseline.z(bound, floor)) for bound in sign.hard)


@given(sign_and_values)
def test_it_is_deterministic_and_encodable(given_values: tuple[VitalSign, list[float]]) -> None:
    sign, values = given_values
    half = len(values) // 2

    began = msgspec.msgpack.decode(msgspec.msgpack.encode(learned(sign, values[:half])), type=Baseline)
    for value in values[half:]:
        began = began.learning(value, began.spread(sign.baseline.floor))

    assert began == learned(sign, values)


@given(sign_and_values)
def test_it_learns_to_the_last_bit_what_river_learns(given_values: tuple[VitalSign, list[float]]) -> None:
    sign, values = given_values
    baseline = Baseline.prior(sign.baseline)

    for value in values:
        spread, mean = baseline.spread(sign.baseline.floor), baseline.mean if baseline.learned else value
        weight, variance = min(baseline.weight, 499), baseline.squares / (baseline.weight - 1)
        river = stats.Var._from_state(weight, mean, variance)
        river.update(min(max(value, mean - 3 * spread), mean + 3 * spread))
        baseline = baseline.learning(value, spread)

        assert (baseline.weight, baseline.mean) == (river.n, river.mean.get())
        assert baseline.squares == river.get() * (river.n - 1)


@given(sign_and_values, st.floats(0, 1))
def test_scoring_changes_nothing(given_values: tuple[VitalSign, list[float]], place: float) -> None:
    sign, values = given_values
    baseline = learned(sign, values)
    before = msgspec.msgpack.encode(baseline)

    baseline.z(sign.hard[0] + place * (sign.hard[1] - sign.hard[0]), sign.baseline.floor)

    assert msgspec.msgpack.encode(baseline) == before


@pytest.mark.parametrize("sign", WITH_BASELINE.values(), ids=lambda sign: sign.name)
def test_it_learns_a_person_and_then_finds_the_odd_value(sign: VitalSign) -> None:
    own, floor = sign.baseline.mean + sign.baseline.spread, sign.baseline.floor
    baseline = learned(sign, [own + floor * (-1) ** number for number in range(40)])

    assert baseline.mean == pytest.approx(own, abs=floor)
    assert abs(baseline.z(own, floor)) < 1
    assert baseline.z(own + 8 * sign.baseline.spread, floor) > 4
    assert baseline.z(own - 8 * sign.baseline.spread, floor) < -4


@pytest.mark.parametrize("sign", WITH_BASELINE.values(), ids=lambda sign: sign.name)
def test_one_artefact_does_not_hide_the_next(sign: VitalSign) -> None:
    floor, mean = sign.baseline.floor, sign.baseline.mean
    baseline = learned(sign, [mean] * 40)

    baseline = baseline.learning(sign.hard[1], baseline.spread(floor))

    assert baseline.z(mean + 5 * floor, floor) > 4


@pytest.mark.parametrize("sign", WITH_BASELINE.values(), ids=lambda sign: sign.name)
def test_it_follows_a_patient_who_changes(sign: VitalSign) -> None:
    floor, mean = sign.baseline.floor, sign.baseline.mean
    baseline = learned(sign, [mean] * 2_000)

    for _ in range(2_000):
        baseline = baseline.learning(mean + 6 * floor, baseline.spread(floor))

    assert abs(baseline.z(mean + 6 * floor, floor)) < 1
