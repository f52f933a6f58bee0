"""What waits for a partition."""

import asyncio
from types import SimpleNamespace
from typing import Any

from streams.inbox import Inbox


def records(*offsets: int) -> Any:
    return [SimpleNamespace(offset=offset, timestamp=0, key=None, value=b"") for offset in offsets]


def offsets(taken: Any) -> list[int]:
    return [record.offset for record in taken]


async def a_waiting_taker(inbox: Inbox) -> asyncio.Task[Any]:
    """Someone who has begun to take from an empty inbox."""
    has_begun = asyncio.Event()

    async def take() -> Any:
        has_begun.set()
        return await inbox.take(10)

    taking = asyncio.create_task(take())
    await has_begun.wait()
    return taking


def test_what_waits_is_merged() -> None:
    inbox = Inbox(limit=100)
    inbox.offer(records(1, 2))
    inbox.offer(records(3))

    assert offsets(asyncio.run(inbox.take(0))) == [1, 2, 3]
    assert inbox.is_empty


def test_no_more_than_the_limit_is_taken_at_once() -> None:
    inbox = Inbox(limit=2)
    inbox.offer(records(1, 2, 3))
    inbox.offer(records(4, 5))

    taken = [offsets(asyncio.run(inbox.take(0))) for _ in range(4)]

    assert taken == [[1, 2], [3, 4], [5], []]


def test_two_batches_are_enough() -> None:
    inbox = Inbox(limit=2)
    inbox.offer(records(1))

    assert not inbox.is_full
    inbox.offer(records(2))
    assert inbox.is_full


def test_a_waiting_taker_gets_what_comes() -> None:
    async def scenario() -> list[int]:
        inbox = Inbox(limit=2)
        taking = await a_waiting_taker(inbox)
        inbox.offer(records(1))
        return offsets(await taking)

    assert asyncio.run(scenario()) == [1]


def test_a_close_wakes_the_taker_and_drops_what_waits() -> None:
    async def scenario() -> list[int]:
        inbox = Inbox(limit=2)
        taking = await a_waiting_taker(inbox)
        inbox.close()
        inbox.offer(records(1))
        return offsets(await taking)

    assert asyncio.run(scenario()) == []
