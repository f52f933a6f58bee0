"""Ticks and pace of a replay."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from models import codec
from models.events import Tick
from producers.entry import Entry
from producers.pace import paced
from producers.replay.clock import believed
from producers.ticks import AFTER, EVERY, ClockRunsAwayError, with_ticks

START = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def at(seconds: float, name: str = "r") -> Entry:
    return Entry(b"{}", name, at=START + timedelta(seconds=seconds))


def told(entries: Iterable[Entry]) -> list[str | float]:
    """Ticks as seconds since the start, records by name."""
    return [(codec_time(entry) - START).total_seconds() if entry.is_tick else entry.name for entry in entries]


def codec_time(entry: Entry) -> datetime:
    event = codec.decode(entry.value)
    assert isinstance(event, Tick)
    return event.at


def test_what_was_measured_up_to_t_comes_before_tick_t() -> None:
    entries = [at(10, "a"), at(60, "b"), at(61, "c"), at(200, "d")]

    assert told(with_ticks(entries, 1))[:8] == [0, "a", "b", 60, "c", 120, 180, "d"]


def test_the_clock_goes_on_after_the_last_record() -> None:
    ticks = [each for each in told(with_ticks([at(10)], 1)) if isinstance(each, float)]

    assert ticks == [60.0 * minute for minute in range(11)]
    assert timedelta(seconds=ticks[-1]) <= AFTER + timedelta(seconds=10) < timedelta(seconds=ticks[-1]) + EVERY


def test_each_partition_gets_each_tick() -> None:
    ticks = [entry for entry in with_ticks([at(0), at(61)], 3) if entry.is_tick]

    assert Counter(entry.partition for entry in ticks) == {0: 12, 1: 12, 2: 12}


def test_a_late_record_does_not_turn_the_clock_back() -> None:
    entries = [at(125, "a"), at(10, "late"), at(130, "b")]

    assert told(with_ticks(entries, 1))[:4] == [120, "a", "late", "b"]


def test_a_simulation_ticks_as_often_as_it_wants_from_its_own_beginning_to_its_own_end() -> None:
    since, until, every = START + timedelta(seconds=1), START + timedelta(seconds=16), timedelta(seconds=5)

    entries = list(with_ticks([at(7, "a")], 1, every=every, origin="simulated", since=since, until=until))

    assert told(entries) == [1, 6, "a", 11, 16]
    assert {codec.decode(entry.value).origin for entry in entries if entry.is_tick} == {"simulated"}


def test_no_records_no_ticks() -> None:
    assert list(with_ticks([], 8)) == []


def test_a_clock_that_runs_away_is_an_error_that_names_the_record() -> None:
    entries = [at(0), at(100 * 365 * 86400, "line 2")]

    with pytest.raises(ClockRunsAwayError, match="line 2"):
        list(with_ticks(entries, 1))


def test_a_wrong_clock_does_not_move_everyones_time() -> None:
    entries = [at(0, "a"), at(30 * 86400, "wrong"), Entry(b"?", "unreadable"), at(61, "b")]

    trusted = list(believed(entries))

    assert [(entry.name, entry.at is not None) for entry in trusted] == [
        ("a", True),
        ("wrong", False),
        ("unreadable", False),
        ("b", True),
    ]


def test_a_pause_of_weeks_is_believed() -> None:
    entries = [at(0), at(7 * 86400), at(14 * 86400)]

    assert list(believed(entries)) == entries


class FakeClock:
    def __init__(self) -> None:
        self.time = 1000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


def test_a_replay_at_a_hundred_times_real_speed_waits_a_hundredth() -> None:
    clock = FakeClock()

    played = list(paced([at(0), at(60), at(60), at(360)], 100, clock.now, clock.sleep))

    assert len(played) == 4
    assert clock.slept == pytest.approx([0.6, 3.0])


def test_a_replay_that_is_late_catches_up() -> None:
    clock = FakeClock()
    entries = paced([at(0), at(10), at(20)], 1, clock.now, clock.sleep)

    next(entries)
    clock.time += 15
    assert [entry.at for entry in entries] == [START + timedelta(seconds=10), START + timedelta(seconds=20)]

    assert clock.slept == pytest.approx([5])
