"""Which ways an alert goes."""

from collections.abc import Callable
from typing import Any

import pytest

from consumers.delivery.routing import routes_of

Make = Callable[..., Any]


def names(alert: Any, *routes: Any) -> list[str]:
    return [route.name for route in routes_of(alert, routes)]


def test_the_first_route_that_takes_an_alert_has_it(live: Make, route: Make) -> None:
    high = route(name="high", match={"priority": "high"})
    medium = route(name="medium", match={"priority": ["medium", "low"]})
    rest = route(name="rest")

    assert names(live(priority="medium"), high, medium, rest) == ["medium"]
    assert names(live(priority="high"), high, medium, rest) == ["high"]


def test_a_route_that_continues_lets_the_next_ones_have_it_too(live: Make, route: Make) -> None:
    hub = route(name="hub", **{"continue": True})
    elsewhere = route(name="elsewhere", match={"ward": "B2"}, **{"continue": True})

    assert names(live(), hub, elsewhere, route(name="rest"), route(name="never")) == ["hub", "rest"]


@pytest.mark.parametrize(
    ("match", "changes"),
    [
        ({"ward": "A1", "bed": "p1"}, {}),
        ({"category": "technical", "kind": ["no-data", "gateway"]}, {"category": "technical", "kind": "gateway"}),
        ({"code": "8867-4", "direction": "low"}, {"code": "8867-4", "direction": "low"}),
    ],
)
def test_a_match_asks_for_all_that_it_names(match: Any, changes: Any, live: Make, route: Make) -> None:
    assert names(live(**changes), route(match=match)) == ["all"]
    for name in match:
        assert names(live(**changes), route(match=match | {name: _other(name)})) == []


def test_simulated_and_replayed_patients_reach_nobody_unless_a_route_says_so(live: Make, route: Make) -> None:
    everything = route(name="everything")
    practice = route(name="practice", origins=["simulated", "replay"])

    assert names(live(origin="simulated"), everything) == []
    assert names(live(origin="replay"), everything) == []
    assert names(live(origin="live"), practice) == []
    assert names(live(origin="replay"), everything, practice) == ["practice"]


def _other(name: str) -> str:
    """What none of the alerts above is."""
    others = {"category": "physiological", "kind": "zero", "direction": "high"}
    return others.get(name, "another")
