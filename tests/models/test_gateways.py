"""A gateway is a fold of its own: what fails on it leaves it as before, and what is forgotten stays forgotten."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from models import gateways
from models.events import Alert, DeadLetter, Output
from models.partition import PartitionFold

START = datetime(2026, 11, 21, 3, tzinfo=UTC)


def at(seconds: float) -> str:
    return (START + timedelta(seconds=seconds)).isoformat()


def tick(fold: PartitionFold, seconds: float) -> list[Output]:
    return fold.advance(json.dumps({"type": "Tick", "at": at(seconds)}).encode(), offset=0)


def beat(fold: PartitionFold, seconds: float, name: str = "g1") -> list[Output]:
    record = {"type": "GatewayHeartbeat", "gateway_id": name, "at": at(seconds)}
    return fold.advance(json.dumps(record).encode(), offset=0)


def broken(*_: object) -> None:
    raise ArithmeticError("a fault of ours")


def entry(fold: PartitionFold) -> bytes:
    return dict(fold.entries())[b"gateways"]


@pytest.fixture
def fold() -> PartitionFold:
    fold = PartitionFold(0, partitions=1)
    tick(fold, 0)
    beat(fold, 0)
    return fold


def test_a_fault_at_a_tick_is_one_dead_letter_and_the_next_heartbeat_goes_on(
    fold: PartitionFold, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(gateways, "_verdict", broken)
        told = tick(fold, 60) + tick(fold, 65)

    assert [type(each) for each in told] == [DeadLetter]
    assert fold.census.open_alerts == {}
    beat(fold, 70)
    assert [each.state for each in tick(fold, 130) if isinstance(each, Alert)] == ["pending", "active"]


def test_a_fault_at_a_heartbeat_leaves_the_alert_open_until_the_next(
    fold: PartitionFold, monkeypatch: pytest.MonkeyPatch
) -> None:
    tick(fold, 60)
    before = entry(fold)
    with monkeypatch.context() as patched:
        patched.setattr(gateways, "_verdict", broken)
        told = beat(fold, 65)

    assert [type(each) for each in told] == [DeadLetter]
    assert entry(fold) == before
    assert [each.state for each in beat(fold, 70) if isinstance(each, Alert)] == ["closed"]
    assert fold.census.open_alerts == {}


def test_one_that_was_forgotten_is_not_remembered_by_a_checkpoint(fold: PartitionFold) -> None:
    tick(fold, 60)
    kept = dict(fold.changed())
    tick(fold, 8 * 86_400)
    kept.update(fold.changed())

    restored = PartitionFold(0, partitions=1)
    for each in kept.items():
        restored.restore(*each)

    assert list(restored.entries()) == list(fold.entries())
    assert tick(restored, 8 * 86_400 + 5) == []


def test_an_entry_that_comes_again_takes_the_place_of_the_first(fold: PartitionFold) -> None:
    tick(fold, 60)
    restored = PartitionFold(0, partitions=1)

    for _ in range(2):
        for each in fold.entries():
            restored.restore(*each)

    assert restored.census == fold.census
    assert restored.census.open_alerts == {("gateway", "medium", None): 1}


def test_of_a_thousand_and_first_nothing_is_expected() -> None:
    fold = PartitionFold(0, partitions=1)
    tick(fold, 0)
    for number in range(1001):
        beat(fold, 1, f"g{number:04}")

    told = tick(fold, 61)

    silent = {each.gateway_id for each in told if isinstance(each, Alert)}
    assert len(silent) == 1000
    assert "g1000" not in silent


def test_what_is_readable_names_the_gateways(fold: PartitionFold) -> None:
    found = dict(fold.readable())["gateways"]

    assert isinstance(found, dict)
    assert found["g1"]["is_silent"] is False
