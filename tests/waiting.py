"""Waiting for what must come soon, in the one way of all tests."""

import time
from collections.abc import Callable

_POLL_SECONDS = 0.05


def until(condition: Callable[[], bool], what: str = "what is waited for", seconds: float = 60) -> None:
    """Returns once it is so; fails with what did not come in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(_POLL_SECONDS)
