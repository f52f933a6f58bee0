"""A real Chromium that looks at the ward page, and what it tells of itself."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vigil.errors import CommandFailed

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession, Page

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
"""What Chromium is called, the best first."""

ALONE = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""With these it asks nothing of any other host."""
_LOOKS_ON = (Path(__file__).parent / "page.js").read_text()
_PATIENCE_SECONDS = 60.0
_POLL_MS = 100


def chromium() -> str:
    """Where Chromium is; raises CommandFailed where it, or what drives it, is not installed."""
    if find_spec("playwright") is None:
        raise CommandFailed("Playwright, which drives the browser, is not installed: install requirements-dev.txt.")
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if found is None:
        raise CommandFailed(f"There is no Chromium: install it, so that one of {', '.join(PROGRAMS)} is found.")
    return found


@contextmanager
def opened() -> Iterator["Browser"]:
    """Opens Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ALONE)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def looking(browser: "Browser", url: str) -> Iterator[tuple["Page", "Wire"]]:
    """A page with nothing kept from before, at a URL, as soon as it shows a row; page.js looks on in it."""
    with browser.new_context(viewport={"width": 1920, "height": 1080}, locale="en-GB") as context:
        page = context.new_page()
        page.add_init_script(_LOOKS_ON)
        wire = Wire(context.new_cdp_session(page))
        page.goto(url)
        until(page, "vigilBench.firstRow !== null", "the page shows no row")
        yield page, wire


def until(page: "Page", expression: str, complaint: str) -> None:
    """Waits until it is true in the page, whose policy forbids that the page itself does."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not page.evaluate(expression):
        if time.monotonic() > deadline:
            raise CommandFailed(f"Within {_PATIENCE_SECONDS:.0f} s {complaint}.")
        page.wait_for_timeout(_POLL_MS)


class Wire:
    """What the page took over the network, and what it holds in memory, by the browser's own account."""

    def __init__(self, session: "CDPSession") -> None:
        self.bytes = 0
        self._session = session
        session.on("Network.loadingFinished", self._finish)
        session.send("Network.enable")
        session.send("Performance.enable", {"timeDomain": "threadTicks"})

    @property
    def cpu_seconds(self) -> float:
        """What the page's own thread has used of a processor."""
        return self._metrics()["TaskDuration"]

    def kept(self) -> tuple[float, int]:
        """MB of the heap and the number of nodes that are left when garbage is collected."""
        self._session.send("HeapProfiler.collectGarbage")
        found = self._metrics()
        return found["JSHeapUsedSize"] / 1e6, int(found["Nodes"])

    def _metrics(self) -> dict[str, float]:
        told = self._session.send("Performance.getMetrics")["metrics"]
        return {each["name"]: float(each["value"]) for each in told}

    def _finish(self, told: dict[str, Any]) -> None:  # Any: JSON
        self.bytes += int(told["encodedDataLength"])
