"""A real Chromium for what is shown in one.

Playwright keeps an event loop running in the thread of the tests while it is open, and nothing else may run one there.
So it is open for one file at a time and in this folder only; what a page talks to is a process or a thread of its own.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.ward.browser import ALONE, PROGRAMS
from tests.watched_ward import Log, Server, working

_POLICY = "Content Security Policy"


@pytest.fixture(scope="module")
def browser(requires_program: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Opens Chromium with nothing kept from before; each of its contexts has cookies and storage of its own."""
    program = requires_program(*PROGRAMS)
    environment = {**os.environ, "HOME": str(tmp_path_factory.mktemp("home"))}
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=ALONE, env=environment)
        yield opened
        opened.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Returns a function that opens a page with cookies and storage of its own.

    The test fails where a script of any page ended on an error that it did not catch, asked something in a dialog of
    the browser's, or wanted to do what the page's policy forbids.
    """
    wrong: list[str] = []
    with ExitStack() as stack:

        def opened(**options: Any) -> Page:  # Playwright's own options of a context
            context = stack.enter_context(browser.new_context(**options))
            context.on("weberror", lambda thrown: wrong.append(str(thrown.error)))
            context.on("console", lambda said: wrong.append(said.text) if _POLICY in said.text else None)
            context.on("dialog", lambda asked: (wrong.append(asked.message), asked.dismiss()))
            return context.new_page()

        yield opened
    assert wrong == []


@pytest.fixture
def page(visit: Callable[..., Page]) -> Page:
    """Opens a page."""
    return visit()


@pytest.fixture(scope="session")
def log(broker: str) -> Iterator[Log]:
    """The log of a ward of nobody, with a worker on it; tests share it, each with patients of its own."""
    with working(broker, "live-page") as shared:
        yield shared


@pytest.fixture(scope="session")
def ward(log: Log) -> Iterator[str]:
    """The address of that ward's page."""
    with Server(log.broker, log.prefix) as server:
        yield server.url
