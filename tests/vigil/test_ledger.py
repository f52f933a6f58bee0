"""The account of a run, and waiting for the workers."""

import json

import pytest

from producers.entry import Entry
from vigil.errors import CommandFailed
from vigil.ledger import Ledger
from vigil.processing import wait_until_processed


def published(*reading_ids: str) -> Ledger:
    ledger = Ledger()
    for reading_id in reading_ids:
        ledger.publish(Entry(b"{}", reading_id, reading_id=reading_id, measurements=2))
    return ledger


def assessment(reading_id: str | None) -> bytes:
    return json.dumps({"type": "Assessment", "reading_id": reading_id, "more": [1, 2]}).encode()


def test_each_reading_with_one_output_is_balanced() -> None:
    ledger = published("a", "b", "b")

    for reading_id in ("a", "b", "b", None):
        ledger.receive("assessments", assessment(reading_id))

    assert (ledger.missing, ledger.doubled) == (0, 0)
    assert (ledger.readings, ledger.measurements, ledger.counts["assessments"]) == (3, 6, 4)


def test_a_lost_and_a_doubled_output_are_seen() -> None:
    ledger = published("a", "b", "c", "c")

    for reading_id in ("b", "b", "c", "nobody's"):
        ledger.receive("assessments", assessment(reading_id))

    assert (ledger.missing, ledger.doubled) == (2, 2)


def test_a_dead_letter_is_an_output_too() -> None:
    ledger = published("a", "")

    ledger.receive("dead-letters", b'{"type":"Reading","reading_id":"a","effective_at":7}', "invalid")
    ledger.receive("dead-letters", b"garbage", "undecodable")
    ledger.receive("dead-letters", b'{"type":"Unheard"}', "unknown-type")

    assert (ledger.missing, ledger.doubled, ledger.readings) == (0, 0, 1)
    assert ledger.dead_letters == {"invalid": 1, "undecodable": 1, "unknown-type": 1}


def test_a_lost_line_that_nobody_can_read_is_seen() -> None:
    assert published("").missing == 1


def test_notified_alerts_are_counted_apart() -> None:
    ledger = Ledger()

    for notify in (True, False, True):
        ledger.receive("alerts", json.dumps({"type": "Alert", "notify": notify}).encode())

    assert (ledger.counts["alerts"], ledger.counts["notified"]) == (3, 2)


class FakeTime:
    def __init__(self) -> None:
        self.time = 0.0

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds


def wait(steps: list[dict[int, int]], last: dict[int, int]) -> list[int]:
    told: list[int] = []
    clock = FakeTime()
    remaining = iter(steps)
    wait_until_processed(
        lambda: next(remaining), last, stall_seconds=1.0, tell=told.append, now=clock.now, sleep=clock.sleep
    )
    return told


def test_waiting_ends_when_every_partition_is_done() -> None:
    assert wait([{}, {0: 5}, {0: 10, 1: 1}, {0: 12, 1: 3}], {0: 9, 1: 2}) == [0, 5, 11, 13]


def test_waiting_goes_on_while_something_moves() -> None:
    assert wait([{0: number} for number in range(100)], {0: 98})[-1] == 99


def test_a_stand_still_is_an_error() -> None:
    with pytest.raises(CommandFailed, match="stand still: 3 of 10 records"):
        wait([{0: 3}] * 100, {0: 9})
