"""NEWS2 by itself: the reference's vectors, rounding, and what an interval promises."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.scores import news2
from models.scores.news2 import MOST, PARTS, Input, level_of, rounded, score

VECTORS = [
    ((16, 98, 0, 120, 72, "A", 37.0, 1), (0, 0, 0, 0, 0, 0, 0), "low"),
    ((21, 95, 0, 110, 91, "A", 38.1, 1), (2, 1, 0, 1, 1, 0, 1), "medium"),
    ((8, 96, 0, 111, 51, "A", 36.1, 1), (3, 0, 0, 0, 0, 0, 0), "low-medium"),
    ((20, 96, 0, 220, 90, "A", 38.0, 1), (0, 0, 0, 3, 0, 0, 0), "low-medium"),
    ((24, 93, 1, 100, 110, "A", 38.0, 1), (2, 2, 2, 2, 1, 0, 0), "high"),
    ((12, 96, 0, 219, 50, "V", 35.0, 1), (0, 0, 0, 0, 1, 3, 3), "high"),
    ((25, 91, 1, 90, 131, "C", 39.1, 1), (3, 3, 2, 3, 3, 3, 2), "high"),
    ((25, 91, 1, 90, 131, "U", 35.0, 1), (3, 3, 2, 3, 3, 3, 3), "high"),
    ((18, 90, 1, 125, 88, "A", 36.8, 2), (0, 0, 2, 0, 0, 0, 0), "low"),
    ((18, 95, 1, 125, 88, "A", 36.8, 2), (0, 2, 2, 0, 0, 0, 0), "low"),
    ((18, 97, 0, 125, 88, "A", 36.8, 2), (0, 0, 0, 0, 0, 0, 0), "low"),
    ((18, 97, 1, 125, 88, "A", 36.8, 2), (0, 3, 2, 0, 0, 0, 0), "medium"),
    ((22, 83, 1, 105, 104, "A", 38.4, 2), (2, 3, 2, 1, 1, 0, 1), "high"),
]
"""Clinical reference 1.3: RR, SpO2, on oxygen, systolic, pulse, ACVPU, temperature, scale; points; level."""

RANGES = {
    "respiratory_rate": st.floats(0, 100),
    "oxygen_saturation": st.floats(0, 100),
    "supplemental_oxygen": st.sampled_from([0.0, 1.0]),
    "systolic_blood_pressure": st.floats(20, 375),
    "heart_rate": st.floats(0, 300),
    "consciousness": st.sampled_from([0.0, 1.0, 2.0, 3.0, 4.0]),
    "temperature": st.floats(20, 47),
}
panels = st.fixed_dictionaries(RANGES)
some_parts = st.sets(st.sampled_from(PARTS))
scales = st.sampled_from([1, 2])


def inputs_of(values: dict[str, float], *, stale: frozenset[str] | set[str] = frozenset()) -> dict[str, Input]:
    return {part: Input(value, 0, part not in stale) for part, value in values.items()}


@pytest.mark.parametrize(("measured", "points", "level"), VECTORS)
def test_the_vectors_of_the_reference(measured: tuple, points: tuple[int, ...], level: str) -> None:
    *values, scale = measured
    values[5] = "ACVPU".index(values[5])

    told = score(inputs_of(dict(zip(PARTS, values, strict=True))), scale=scale)

    assert tuple(part.points for part in told.parts.values()) == points
    assert (told.known_points, told.max_possible, told.level) == (sum(points), sum(points), level)
    assert (told.completeness, told.missing, told.stale) == ("7/7", [], [])


@pytest.mark.parametrize(
    ("part", "value", "said"),
    [
        ("respiratory_rate", 20.5, 21),
        ("respiratory_rate", 20.49, 20),
        ("oxygen_saturation", 95.5, 96),
        ("heart_rate", 130.5, 131),
        ("systolic_blood_pressure", 90.499999, 90),
        ("temperature", 38.05, 38.1),
        ("temperature", 36.04, 36.0),
        ("temperature", 39.05, 39.1),
        ("temperature", (100.4 - 32) / 1.8, 38.0),
        ("heart_rate", 2.1 * 60 - 0.5 - 1e-12, 126),
    ],
)
def test_rounding_is_half_up_and_takes_no_noise_for_a_half(part: str, value: float, said: float) -> None:
    assert rounded(part, value) == said


@pytest.mark.parametrize(
    ("points", "highest", "level"),
    [
        *((0, 0, "low"), (4, 2, "low"), (3, 3, "low-medium"), (4, 3, "low-medium")),
        *((5, 2, "medium"), (5, 3, "medium"), (6, 3, "medium"), (7, 2, "high"), (20, 3, "high")),
    ],
)
def test_levels(points: int, highest: int, level: str) -> None:
    assert level_of(points, highest) == level


@given(panels, scales)
def test_a_complete_score_is_a_point(panel: dict[str, float], scale: int) -> None:
    told = score(inputs_of(panel), scale=scale)

    assert told.known_points == told.max_possible <= 20
    assert all(0 <= part.points == part.max_points <= MOST[name] for name, part in told.parts.items())


@given(panels, some_parts, some_parts, scales)
def test_what_is_missing_or_stale_only_widens_the_interval(
    panel: dict[str, float], missing: set[str], stale: set[str], scale: int
) -> None:
    whole = score(inputs_of(panel), scale=scale)
    known = {part: value for part, value in panel.items() if part not in missing}

    told = score(inputs_of(known, stale=stale), scale=scale)

    assert told.known_points <= whole.known_points <= told.max_possible
    assert told.missing == [part for part in PARTS if part in missing]
    assert told.stale == [part for part in PARTS if part in stale - missing]
    unknown = missing | stale
    assert told.completeness == f"{len(PARTS) - len(unknown)}/7"
    assert all((told.parts[part].points is None) == (part in unknown) for part in PARTS)
    assert all(told.parts[part].max_points == MOST[part] for part in unknown)


@given(st.floats(0, 100))
def test_on_scale_2_oxygen_unknown_leaves_both_possible(saturation: float) -> None:
    def points(**oxygen: Input) -> tuple[int, int]:
        part = score({"oxygen_saturation": Input(saturation, 0, True), **oxygen}, scale=2).parts["oxygen_saturation"]
        return part.points, part.max_points

    on_air, _ = points(supplemental_oxygen=Input(0, 0, True))
    on_oxygen, _ = points(supplemental_oxygen=Input(1, 0, True))

    assert points() == (on_air, on_oxygen)
    assert points(supplemental_oxygen=Input(1, 0, False)) == (on_air, on_oxygen)
    assert on_air <= on_oxygen


@pytest.mark.parametrize("part", ["respiratory_rate", "heart_rate", "systolic_blood_pressure", "temperature"])
def test_bands_leave_no_gap_and_no_value_out(part: str) -> None:
    bands = news2._BANDS[part]

    assert [bound for bound, _ in bands] == sorted(bound for bound, _ in bands)
    assert bands[-1][0] == math.inf
    assert all(points != after for (_, points), (_, after) in itertools.pairwise(bands))


def test_an_unknown_age_is_told_as_assumed() -> None:
    assert score({}, age_known=False).assumed == ["adult, because the age is unknown"]
    assert score({}).assumed is None


def test_nothing_known_is_no_zero() -> None:
    told = score({})

    assert (told.known_points, told.max_possible, told.completeness) == (0, 20, "0/7")
    assert told.missing == list(PARTS)
