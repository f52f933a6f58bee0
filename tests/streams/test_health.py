"""When a worker is ready and healthy."""

from dataclasses import dataclass, field
from typing import Any

from streams.health import Health


@dataclass
class Partition:
    number: int
    is_restored: bool = True
    busy_since: float | None = None


@dataclass
class HeldPartitions:
    partitions: list[Partition] = field(default_factory=list)
    was_assigned: bool = True

    def all(self) -> list[Partition]:
        return self.partitions


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def health(*partitions: Partition, was_assigned: bool = True) -> tuple[Health, Clock]:
    held: Any = HeldPartitions(list(partitions), was_assigned)
    clock = Clock()
    return Health(held, stuck_seconds=60, clock=clock), clock


def test_a_worker_is_not_ready_before_its_first_assignment() -> None:
    assert health(was_assigned=False)[0].not_ready() == "no partition was assigned yet"


def test_a_worker_is_not_ready_while_it_restores() -> None:
    assert health(Partition(1), Partition(2, is_restored=False))[0].not_ready() == "still restoring partition 2"


def test_a_worker_is_ready_when_all_is_restored_even_with_nothing_to_do() -> None:
    assert health(Partition(1))[0].not_ready() is None
    assert health()[0].not_ready() is None


def test_a_transaction_that_does_not_end_is_unhealthy() -> None:
    watched, clock = health(Partition(4, busy_since=-1.0))

    assert watched.not_healthy() is None
    clock.now = 59.5
    assert watched.not_healthy() == "partition 4 has been at one transaction for 60 s or more"


def test_a_broker_that_is_silent_for_long_is_unhealthy() -> None:
    watched, clock = health(Partition(4))
    clock.now = 61

    assert watched.not_healthy() == "no broker has answered for 61 s"
