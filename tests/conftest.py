"""What tests of every room share: a real broker, and what to do where the machine lacks something."""

import gc
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from vigil.broker import Broker


def pytest_collection() -> None:
    """Looks for no garbage while test files are parsed: of what that may run, Python 3.11's parser loses count.

    See CPython's issue 106905, "AST constructor recursion depth mismatch".
    """
    gc.disable()


def pytest_collection_finish() -> None:
    """Looks for garbage again."""
    gc.enable()


def pytest_sessionfinish() -> None:
    """Looks for garbage a last time before the summary, which parses as well."""
    gc.collect()
    gc.disable()


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Starts one real Kafka for the whole run and yields its address."""
    with Broker(tmp_path_factory.mktemp("broker")) as running:
        yield running.address


@pytest.fixture(scope="session")
def requires_program() -> Callable[..., str]:
    """Returns a function that finds a program of the system, or ends the test with a reason where there is none.

    It takes each name that the program has somewhere, the usual one first.
    """

    def find(*names: str) -> str:
        folders = (str(Path(sys.executable).parent), None)
        found = (shutil.which(name, path=folder) for name in names for folder in folders)
        return next(filter(None, found), None) or _cannot(f"the program {names[0]} is not installed")

    return find


@pytest.fixture(scope="session")
def requires_root() -> None:
    """Ends a test with a reason where it may not mount a file system."""
    if os.geteuid() != 0:
        _cannot("this test mounts a small disk, which takes root")


def _cannot(reason: str) -> NoReturn:
    """Skips the test, or fails it where nothing may be skipped, as in CI."""
    if os.environ.get("VIGIL_REQUIRE_ALL"):
        pytest.fail(f"{reason}, and VIGIL_REQUIRE_ALL is set")
    pytest.skip(reason)
