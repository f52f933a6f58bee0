"""A history comes back from its checkpoint exactly, or not at all."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.history import EMPTY, History
from models.packing import PackedHistory, pack, unpack

times = st.integers(-(2**60), 2**60)
values = st.floats() | st.integers(0, 3000).map(lambda tenths: tenths / 10)
entries = st.lists(st.tuples(times, values, st.integers(0, 255)), max_size=80)


def history_of(rows: list[tuple[int, float, int]]) -> History:
    history = EMPTY
    for row in rows:
        history = history.adding(*row)
    return history


def columns_of(history: History) -> tuple[bytes, bytes, bytes]:
    return history.times.tobytes(), history.values.tobytes(), history.devices


@given(entries)
def test_it_comes_back_to_the_last_bit(rows: list[tuple[int, float, int]]) -> None:
    history = history_of(rows)

    again = unpack(pack(history))

    assert columns_of(again) == columns_of(history)
    assert again.at == history.at
    assert again.value == history.value or (math.isnan(again.value) and math.isnan(history.value))


def test_columns_of_uneven_length_are_an_error() -> None:
    packed = pack(history_of([(1, 1.0, 1), (2, 2.0, 2)]))

    for broken in (
        PackedHistory(packed.times[:-8], packed.values, packed.devices),
        PackedHistory(packed.times[:-1], packed.values, packed.devices),
        PackedHistory(packed.times, packed.values[:-1], packed.devices),
        PackedHistory(packed.times, packed.values, packed.devices + b"\0"),
        PackedHistory(bytes(8 * 65), bytes(8 * 65), bytes(65)),
    ):
        with pytest.raises(ValueError, match=r"length|multiple"):
            unpack(broken)
