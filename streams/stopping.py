"""How a process hears that it should stop."""

import asyncio
import signal


def stop_signal() -> asyncio.Future[None]:
    """A future that is done at the first SIGTERM or SIGINT; more of them change nothing, for the stop is bounded."""
    loop = asyncio.get_running_loop()
    stopping = loop.create_future()

    def stop() -> None:
        if not stopping.done():
            stopping.set_result(None)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    return stopping
