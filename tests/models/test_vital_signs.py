"""What every vital sign promises, found by discovery."""

import itertools
import math

import pytest

from models.vital_signs import SIGNS, VitalSign, canonical_code

ALL = {sign.code: sign for sign in SIGNS.values()}


@pytest.mark.parametrize("sign", ALL.values(), ids=lambda sign: sign.name)
def test_its_ranges_lie_within_each_other(sign: VitalSign) -> None:
    low, high = sign.usual or sign.hard

    assert sign.hard[0] <= low < high <= sign.hard[1]
    if sign.limits is not None:
        bounds = [sign.limits.urgent_below, sign.limits.low_scale_2, sign.limits.low, sign.limits.high]
        told = [bound for bound in bounds if bound is not None]
        assert told == sorted(told)
        assert all(low < bound < high for bound in told)


@pytest.mark.parametrize("sign", ALL.values(), ids=lambda sign: sign.name)
def test_its_limits_can_clear_and_never_wait_for_over_a_minute(sign: VitalSign) -> None:
    if sign.limits is None:
        return
    if sign.limits.low is not None and sign.limits.high is not None:
        assert sign.limits.low + sign.limits.band < sign.limits.high - sign.limits.band
    assert all(
        delay is None or 0 <= delay <= 60_000_000 for delay in (sign.limits.delay_continuous, sign.limits.delay_spot)
    )


@pytest.mark.parametrize("sign", ALL.values(), ids=lambda sign: sign.name)
def test_its_units_reach_its_range(sign: VitalSign) -> None:
    assert sign.unit not in sign.units
    for factor, offset in sign.units.values():
        assert factor > 0
        assert math.isfinite(offset)


@pytest.mark.parametrize("sign", ALL.values(), ids=lambda sign: sign.name)
def test_every_code_of_it_leads_to_it(sign: VitalSign) -> None:
    assert all(SIGNS[code] is sign and canonical_code(code) == sign.code for code in (sign.code, *sign.aliases))


def test_no_code_and_no_name_is_of_two_signs() -> None:
    codes = [code for sign in ALL.values() for code in (sign.code, *sign.aliases)]

    assert len(codes) == len(set(codes)) == len(SIGNS)
    assert len({sign.name for sign in ALL.values()}) == len(ALL)


def test_an_unknown_code_is_its_own() -> None:
    assert canonical_code("0000-0") == "0000-0"


def test_discovery_goes_by_file_names() -> None:
    names = [sign.name for _, group in itertools.groupby(SIGNS.values(), key=id) for sign in [next(group)]]

    assert names[:3] == ["systolic_blood_pressure", "diastolic_blood_pressure", "mean_blood_pressure"]
    assert names[-3:] == ["sleep_duration", "steps", "steps_in_a_day"]
