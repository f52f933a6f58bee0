"""The sign of life for an outside watchdog, which stays away when something is wrong here."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from aiohttp import web

from consumers.delivery.configuration import Heartbeat
from consumers.delivery.heartbeat import keep_beating
from consumers.delivery.metrics import DeliveryMetrics


class Enough(Exception):
    """So many beats are enough."""


def beats(health: list[str | None], statuses: list[int]) -> tuple[int, DeliveryMetrics, list[float]]:
    """Beats as often as health is told: how many calls came, what was counted, and how long it slept each time."""
    metrics, slept, calls = DeliveryMetrics(), list[float](), list[web.Request]()
    told = iter(health)

    async def is_well() -> str | None:
        try:
            return next(told)
        except StopIteration as over:
            raise Enough from over

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async def answer(request: web.Request) -> web.Response:
        calls.append(request)
        return web.Response(status=statuses.pop(0))

    async def scenario() -> None:
        app = web.Application()
        app.router.add_get("/ping", answer)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/ping"
        with suppress(Enough):
            await keep_beating(Heartbeat.model_validate({"url": url}), is_well, metrics, sleep=sleep)
        await runner.cleanup()

    asyncio.run(scenario())
    return len(calls), metrics, slept


def count(metrics: DeliveryMetrics) -> Callable[[str], float | None]:
    return lambda result: metrics.registry.get_sample_value("vigil_delivery_heartbeats_total", {"result": result})


def test_it_beats_while_all_is_well_and_not_while_something_is_wrong() -> None:
    calls, metrics, slept = beats([None, "alerts are not read", "no broker answers", None], [200, 204])

    assert calls == 2
    assert [count(metrics)(result) for result in ("sent", "withheld", "failed")] == [2, 2, 0]
    assert slept == [60, 5, 5, 60]


def test_a_watchdog_that_fails_is_counted_and_never_fatal() -> None:
    calls, metrics, _ = beats([None] * 3, [500, 404, 200])

    assert calls == 3
    assert [count(metrics)(result) for result in ("sent", "withheld", "failed")] == [1, 0, 2]
