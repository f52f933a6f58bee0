"""What is usual at an hour of the day: learned online, robust, and silent until it saw a day."""

import math
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from models import codec
from models.detectors import rhythm
from models.detectors.baseline import Baseline
from models.events import Reading
from models.instants import DAY, HOUR, MINUTE, instant_of
from models.vital_signs import SIGNS
from models.vital_signs.sign import Usual
from producers.simulator.ward import Ward

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


def test_of_simulated_wearers_the_night_is_far_nearer_to_the_rhythm_than_to_the_baseline() -> None:
    sign = SIGNS["8867-4"].baseline
    assert sign is not None
    baseline, packed, walked = Baseline.prior(sign), None, 0
    strays: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
    for entry in Ward(datetime(2026, 1, 5, 9, tzinfo=UTC), patients=0, wearers=1, seed=3, lasts=timedelta(days=5)):
        event = codec.decode(entry.value)
        if not isinstance(event, Reading):
            continue
        at, values = instant_of(event.effective_at), {each.code: each.value for each in event.measurements}
        walked = at if values.get("55423-8") else walked
        value = values.get("8867-4")
        if not isinstance(value, int | float):
            continue
        if at - walked > 10 * MINUTE:
            if packed is not None and (known := rhythm.usual_at(packed, at, sign)) is not None:
                strays[at % DAY < 6 * HOUR].append((value - baseline.mean, value - known[0]))
            if rhythm.is_due(packed, at):
                packed = rhythm.learning(packed, value, at, sign)
        baseline = baseline.learning(value, sign.floor)

    night, day = ([*map(root_mean_square, zip(*strays[is_night], strict=True))] for is_night in (True, False))

    assert night[1] < night[0] / 2
    assert day[1] <= day[0]


def root_mean_square(strays: tuple[float, ...]) -> float:
    return math.sqrt(sum(each * each for each in strays) / len(strays))
