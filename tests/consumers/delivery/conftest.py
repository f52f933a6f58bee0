"""What tests of delivery share: a book with alerts in it, routes, and a clock that is told the time."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from consumers.delivery.book import Book, Open
from consumers.delivery.route import Route
from models.events import Alert

START = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)

Make = Callable[..., Any]


def at(seconds: float) -> datetime:
    """So long after the start."""
    return START + timedelta(seconds=seconds)


@pytest.fixture
def live(alert: Make) -> Make:
    """Makes one revision of a live alert, so many seconds after the start."""

    def make(seconds: float = 0, **changes: Any) -> Alert:
        made: Alert = alert(changes.pop("patient_id", "p1"), seconds / 60, **({"origin": "live"} | changes))
        return made

    return make


@pytest.fixture
def opened(live: Make) -> Make:
    """Makes an open alert that was heard when it was raised."""

    def make(**changes: Any) -> Open:
        book = Book(0)
        book.take(live(**changes), offset=0, heard_at=START)
        [each] = book
        return each

    return make


@pytest.fixture
def route() -> Make:
    """Makes a route to one nurse, or as it is said."""

    def make(*steps: Any, **settings: Any) -> Route:
        return Route.model_validate({"name": "all", "receivers": list(steps) or ["nurse"], **settings})

    return make


@pytest.fixture(name="at")
def at_fixture() -> Callable[[float], datetime]:
    return at
