"""Logs say what happens once, also while the broker is away."""

import logging

from streams.logs import Flood


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def line(name: str = "aiokafka.client", number: int = 10, text: str = "gone") -> logging.LogRecord:
    return logging.LogRecord(name, logging.ERROR, "client.py", number, text, None, None)


def test_a_library_that_repeats_itself_is_heard_once_in_a_while() -> None:
    clock = Clock()
    flood = Flood(quiet_seconds=30, clock=clock)

    heard = [flood.filter(line()) for _ in range(100)]
    clock.now = 30
    late = line(text="still gone")

    assert heard.count(True) == 1
    assert flood.filter(late)
    assert late.getMessage() == "still gone (and 99 more like it)"


def test_another_place_is_heard() -> None:
    flood = Flood()

    assert flood.filter(line(number=1))
    assert flood.filter(line(number=2))


def test_our_own_lines_are_always_heard() -> None:
    flood = Flood()

    assert all(flood.filter(line(name="streams.partition")) for _ in range(10))
