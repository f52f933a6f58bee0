"""A real Chromium for what is shown in one.

Playwright keeps an event loop running in the thread of the tests while it is open, and nothing else may run one there.
So it is open for one file at a time and in this folder only; what a page talks to is a process or a thread of its own.
"""

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Error, Page, sync_playwright

_ALONE = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="module")
def browser(requires_program: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Opens Chromium with nothing kept from before; each of its contexts has cookies and storage of its own."""
    program = requires_program("chromium", "chromium-browser", "google-chrome")
    environment = {**os.environ, "HOME": str(tmp_path_factory.mktemp("home"))}
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=_ALONE, env=environment)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Opens a page, and fails the test where a script of it ended on an error that it did not catch."""
    raised: list[Error] = []
    with browser.new_context() as context:
        context.on("weberror", lambda thrown: raised.append(thrown.error))
        yield context.new_page()
    assert raised == []
