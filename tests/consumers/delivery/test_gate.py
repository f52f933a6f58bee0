"""The rate of calls to one receiver, by the seconds of a clock that is told."""

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from consumers.delivery.gate import Bucket, Gate
from tests.waiting import eventually

examples = settings(deadline=None, derandomize=True, database=None)


def test_a_burst_passes_and_then_the_rate_holds() -> None:
    bucket = Bucket(per_minute=30, burst=2, now=0)
    for _ in range(2):
        assert bucket.wait(0) == 0
        bucket.take(0)

    assert bucket.wait(0) == 2
    assert bucket.wait(1) == 1
    assert bucket.wait(2) == 0


def test_tokens_that_nobody_takes_do_not_pile_up() -> None:
    bucket = Bucket(per_minute=60, burst=3, now=0)
    for _ in range(3):
        assert bucket.wait(1_000_000) == 0
        bucket.take(1_000_000)

    assert bucket.wait(1_000_000) == 1


@examples
@given(st.lists(st.floats(0, 30), max_size=60), st.integers(1, 5), st.integers(1, 120))
def test_in_no_stretch_of_time_pass_more_than_the_burst_and_the_rate(
    gaps: list[float], burst: int, per_minute: int
) -> None:
    bucket, now, passed = Bucket(per_minute=per_minute, burst=burst, now=0), 0.0, list[float]()
    for gap in gaps:
        now += gap
        now += bucket.wait(now)
        if bucket.wait(now) < 1e-6:
            bucket.take(now)
            passed.append(now)

    for first in range(len(passed)):
        for last in range(first, len(passed)):
            allowed = burst + (passed[last] - passed[first]) * per_minute / 60
            assert last - first + 1 <= allowed + 1e-3


def test_who_gives_up_waiting_leaves_the_place_to_others() -> None:
    async def scenario() -> list[str]:
        gate, came, passed = Gate(per_minute=60_000, burst=100, concurrency=1), list[str](), list[str]()
        may_leave = asyncio.Event()

        async def pass_as(name: str) -> None:
            came.append(name)
            async with gate.passed(1):
                passed.append(name)
                await may_leave.wait()

        tasks = {name: asyncio.create_task(pass_as(name)) for name in ("first", "second", "third")}
        await eventually(lambda: len(came) == len(tasks))
        tasks["second"].cancel()
        may_leave.set()
        await asyncio.gather(*tasks.values(), return_exceptions=True)
        return passed

    assert asyncio.run(scenario()) == ["first", "third"]
