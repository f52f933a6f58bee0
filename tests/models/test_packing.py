"""A history comes back from its checkpoint exactly, or not at all, and takes little room there."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.history import EMPTY, History
from models.instants import SECOND
from models.packing import PackedHistory, pack, unpack

times = st.integers(-(2**60), 2**60)
values = (
    st.integers(-40_000, 40_000).map(float)
    | st.integers(-400_000, 400_000).map(lambda tenths: tenths / 10)
    | st.floats()
    | st.sampled_from([0.0, -0.0, math.nan, math.inf, 32767.0, 32768.0, 3276.7, 3276.8])
)
entries = st.lists(st.tuples(times, values, st.integers(0, 255)), max_size=80)
alike = st.lists(st.tuples(times, st.integers(0, 3000).map(lambda tenths: tenths / 10), st.just(0)), max_size=80)


def history_of(rows: list[tuple[int, float, int]]) -> History:
    history = EMPTY
    for row in rows:
        history = history.adding(*row)
    return history


def columns_of(history: History) -> tuple[bytes, bytes, bytes]:
    return history.times.tobytes(), history.values.tobytes(), history.devices


@given(entries | alike)
def test_it_comes_back_to_the_last_bit(rows: list[tuple[int, float, int]]) -> None:
    history = history_of(rows)

    again = unpack(pack(history))

    assert columns_of(again) == columns_of(history)
    assert again.at == history.at
    assert again.value == history.value or (math.isnan(again.value) and math.isnan(history.value))


@pytest.mark.parametrize(("value", "width"), [(72.0, 2), (36.9, 2), (7.35, 8), (40_000.0, 8), (math.nan, 8), (-0.0, 8)])
def test_whole_numbers_and_tenths_take_two_bytes_where_that_is_exact(value: float, width: int) -> None:
    packed = pack(history_of([(second * SECOND, value, 0) for second in range(64)]))

    assert len(packed.values) == 64 * width


def test_columns_of_uneven_length_are_an_error() -> None:
    packed = pack(history_of([(1, 1.0, 1), (2, 2.0, 2)]))

    for broken in (
        PackedHistory(packed.times[:-8], packed.values, packed.devices, packed.scale),
        PackedHistory(packed.times[:-1], packed.values, packed.devices, packed.scale),
        PackedHistory(packed.times, packed.values[:-1], packed.devices, packed.scale),
        PackedHistory(packed.times, packed.values, packed.devices + b"\0", packed.scale),
        PackedHistory(packed.times, packed.values, packed.devices, 0),
        PackedHistory(bytes(8 * 65), bytes(2 * 65), bytes(65), 1),
    ):
        with pytest.raises(ValueError, match=r"length|multiple"):
            unpack(broken)
