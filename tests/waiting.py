"""Waiting for what must come soon, in the one way of all tests."""

import asyncio
import time
from collections.abc import Callable
from subprocess import Popen
from typing import Any

_POLL_SECONDS = 0.05
_POLL_HERE_SECONDS = 0.01


def until(
    condition: Callable[[], bool],
    what: str = "what is waited for",
    seconds: float = 60,
    process: Popen[Any] | None = None,
) -> None:
    """Returns once it is so; fails with what did not come in time, or with what a process told that ended before."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert process is None or process.poll() is None, process.communicate()
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(_POLL_SECONDS)


async def eventually(condition: Callable[[], bool], what: str = "what is waited for", seconds: float = 30) -> None:
    """Returns once what runs on the same loop has made it so; fails with what did not come in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        await asyncio.sleep(_POLL_HERE_SECONDS)
