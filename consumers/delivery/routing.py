"""Which ways an alert goes."""

from collections.abc import Iterable, Iterator

from consumers.delivery.route import Route
from models.events import Alert


def routes_of(alert: Alert, routes: Iterable[Route]) -> Iterator[Route]:
    """The first route that takes an alert, and while they let it go on the next ones that do."""
    for route in routes:
        if route.takes(alert):
            yield route
            if not route.goes_on:
                return
