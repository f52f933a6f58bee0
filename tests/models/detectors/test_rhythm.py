"""What is usual at an hour of the day: learned online, robust, and silent until it saw a day."""

import math
from random import Random

import pytest

from models.detectors import rhythm
from models.instants import DAY, HOUR
from models.vital_signs.sign import Usual

USUAL = Usual(mean=80, spread=20, floor=4)
START = 20_000 * DAY + 9 * HOUR


def wave(at: int) -> float:
    """A pulse that is highest at six in the afternoon."""
    return 70 + 8 * math.cos(2 * math.pi * (at - 18 * HOUR) / DAY)


def learned(days: float, *, odd_every: int = 0, noise: float = 2.0, hours: range = range(24)) -> bytes:
    chance, packed = Random(5), None
    for step in range(round(days * DAY / rhythm.EVERY)):
        at = START + step * rhythm.EVERY
        if at % DAY // HOUR not in hours:
            continue
        value = 190.0 if odd_every and step % odd_every == 10 else wave(at) + chance.gauss(0, noise)
        packed = rhythm.learning(packed, value, at, USUAL)
    assert packed is not None
    return packed


def distances(packed: bytes) -> list[float]:
    found = [rhythm.usual_at(packed, START + 30 * DAY + hour * HOUR, USUAL) for hour in range(24)]
    return [abs(each[0] - wave(START + hour * HOUR)) for hour, each in enumerate(found) if each is not None]


def test_after_two_days_it_knows_day_from_night_and_how_far_values_stray() -> None:
    packed = learned(2)

    assert len(distances(packed)) == 24
    assert max(distances(packed)) < 2
    assert rhythm.usual_at(packed, START, USUAL) == (pytest.approx(wave(START), abs=2), 4)


def test_the_first_value_is_the_level_already_and_nothing_is_said_before_a_day() -> None:
    first = rhythm.learning(None, 64.0, START, USUAL)

    assert rhythm.unpack(first).level == 64
    assert rhythm.usual_at(first, START, USUAL) is None
    assert rhythm.usual_at(learned(0.9), START, USUAL) is None


def test_who_is_measured_by_day_only_has_no_night() -> None:
    assert rhythm.usual_at(learned(9, hours=range(8, 20)), START, USUAL) is None


def test_one_odd_value_in_twenty_moves_it_little() -> None:
    assert max(distances(learned(4, odd_every=20))) < 4


def test_it_takes_one_value_each_quarter_of_an_hour() -> None:
    packed = learned(1)
    newest = START + DAY - rhythm.EVERY

    assert not rhythm.is_due(packed, newest + rhythm.EVERY - 1)
    assert rhythm.is_due(packed, newest + rhythm.EVERY)


def test_it_comes_back_to_equal_bytes() -> None:
    packed = learned(3)

    assert rhythm.pack(rhythm.unpack(packed)) == packed
    assert len(packed) == 40


@pytest.mark.parametrize("hours", [range(24), range(8, 9)], ids=["all day", "an hour a day"])
def test_after_two_years_it_is_finite_and_what_is_known_is_no_less_than_nothing(hours: range) -> None:
    kept = rhythm.unpack(learned(730, hours=hours))

    assert all(math.isfinite(number) for number in (*kept[:4], *kept.covariance))
    assert all(0 <= kept.covariance[place] <= 4 for place in (0, 3, 5))
    assert 50 < kept.level < 90
