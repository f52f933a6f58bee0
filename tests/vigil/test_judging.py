"""What comes of scenarios, held against what they promise."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec import structs

from models.events import Alert
from producers.simulator.expectation import Exclusion, Expectation, Expected
from tests.an_alert import an_alert
from vigil.simulation.judging import Seen
from vigil.simulation.report import Truth

ONSET = datetime(2026, 1, 1, 8, 10, tzinfo=UTC)
RACING = Expectation(kinds=("limit",), code="8867-4", direction="high", priority="medium", within=timedelta(minutes=2))
KEPT = Truth(
    scenario="tachyarrhythmia",
    patient_id="p4",
    gateway_id="gateway-1",
    onset=ONSET,
    is_over=True,
    outcomes=[],
    expected=Expected(alerts=(RACING,)),
)


def alert(after: timedelta, patient_id: str = "p4") -> Alert:
    """A heart that races, told so long after the onset."""
    return an_alert(patient_id=patient_id, at=ONSET + after, since=ONSET, origin="simulated")


@pytest.fixture
def seen() -> Seen:
    """What came of a heart that raced from the onset on, told twice."""
    seen = Seen()
    for after in (timedelta(seconds=90), timedelta(seconds=30), timedelta(hours=9)):
        seen.take(alert(after))
    return seen


def test_a_kept_promise_says_when_its_alert_first_came(seen: Seen) -> None:
    [told] = seen.judged([KEPT])

    assert told.unmet == []
    assert told.came == [ONSET + timedelta(seconds=30)]


@pytest.mark.parametrize(
    ("expected", "unmet"),
    [
        (
            Expected(alerts=(structs.replace(RACING, priority="high"),)),
            "No high limit alert 8867-4 high within 0:02:00.",
        ),
        (Expected(alerts=(structs.replace(RACING, within=timedelta(seconds=9)),)), "No medium limit alert"),
        (Expected(never=(Exclusion(category="physiological"),)), "An alert that must not be"),
        (Expected(marks=("amended",)), "Nothing was amended."),
    ],
)
def test_another_promise_is_not_kept(seen: Seen, expected: Expected, unmet: str) -> None:
    [told] = seen.judged([structs.replace(KEPT, expected=expected)])

    assert told.unmet is not None
    assert told.unmet[0].startswith(unmet)


def test_what_came_of_somebody_else_keeps_no_promise(seen: Seen) -> None:
    [told] = seen.judged([structs.replace(KEPT, patient_id="p5")])

    assert told.came == [None]
    assert told.unmet != []


def test_what_may_still_come_is_not_judged_but_what_must_not_be_is(seen: Seen) -> None:
    awaited = structs.replace(KEPT, is_over=False, patient_id="p5")
    quiet = structs.replace(KEPT, is_over=False, expected=Expected(never=(Exclusion(category="physiological"),)))

    may_come, broken = seen.judged([awaited, quiet])

    assert may_come.unmet is None
    assert broken.unmet is not None
    assert len(broken.unmet) == 2


def test_two_scenarios_of_one_patient_are_not_judged(seen: Seen) -> None:
    told = seen.judged([KEPT, KEPT])

    assert [each.unmet for each in told] == [None, None]
