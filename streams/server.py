"""Metrics and health over HTTP: /metrics, /readyz and /healthz.

Ready: every assigned partition is restored. Healthy: no record waits, and no broker is silent, for longer than
`stuck_seconds`; when the event loop itself hangs there is no answer, which a probe takes for a failure as well.
"""

from collections.abc import Awaitable, Callable

from aiohttp import web
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

Check = Callable[[], str | None]
"""Says what is wrong, or nothing."""


class PortTakenError(Exception):
    """Another program has the port for metrics; the message says what to do."""


async def serve_metrics(
    registry: CollectorRegistry, *, is_ready: Check, is_healthy: Check, host: str, port: int
) -> tuple[web.AppRunner, int]:
    """Starts the server in the running loop; returns it, for its clean-up, and its port."""

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    app = web.Application()
    app.add_routes(
        [web.get("/metrics", metrics), web.get("/readyz", _answer(is_ready)), web.get("/healthz", _answer(is_healthy))]
    )
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        await runner.cleanup()
        raise PortTakenError(
            f"metrics can't be served at {host}:{port} ({error.strerror}): choose another port"
        ) from error
    return runner, runner.addresses[0][1]


def _answer(check: Check) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(_: web.Request) -> web.Response:
        complaint = check()
        return web.Response(text=f"{complaint or 'ok'}\n", status=503 if complaint else 200)

    return answer
