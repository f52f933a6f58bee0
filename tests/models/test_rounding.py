"""Hundredths are those of `round`, to the last bit and the sign of zero."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rounding import hundredths


@given(st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.floats(-300, 300), st.floats(-0.02, 0.02)))
def test_any_float_is_rounded_as_round_does(value: float) -> None:
    assert repr(hundredths(value)) == repr(round(value, 2))


@given(st.integers(-(10**9), 10**9), st.sampled_from((100, 200, 1000, 2000)))
def test_decimals_and_what_lies_in_the_middle_are_rounded_as_round_does(number: int, parts: int) -> None:
    value = number / parts

    assert repr(hundredths(value)) == repr(round(value, 2))


@pytest.mark.parametrize("value", [0.0, -0.0, -0.001, 0.005, -0.005, 2.675, 1.005, 1e6, -1e6, 999_999.995, 1e300])
def test_the_edges_are_rounded_as_round_does(value: float) -> None:
    assert repr(hundredths(value)) == repr(round(value, 2))
