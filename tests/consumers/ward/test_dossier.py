"""What the page tells of one patient beside the course of values."""

import pytest

from consumers.ward.dossier import Dossiers
from consumers.ward.views.patient import PatientView
from consumers.ward.views.ward import Row
from models.events import Event, Output


@pytest.fixture
def dossiers() -> Dossiers:
    return Dossiers()


def view(dossiers: Dossiers, row: Row, records: list[Output | Event]) -> PatientView:
    """What is told of p1 after all these."""
    for record in records:
        dossiers.take(record, 0)
    found = dossiers.view("p1", row, "r", 1)
    assert found is not None
    return found


def test_an_alert_is_told_with_each_revision_who_answered_and_of_what_use_it_was_after_it_closed(
    dossiers: Dossiers, row: Row, example: list[Output | Event]
) -> None:
    alerts = {alert.kind: alert for alert in view(dossiers, row, example).alerts}

    score = alerts["news2"]
    assert [step.state for step in score.steps] == ["pending", "active", "active", "acknowledged", "closed"]
    assert score.acknowledgement is not None
    assert (score.acknowledgement.by, score.acknowledgement.reason) == ("nurse-12", "doctor called")
    assert score.feedback == "actionable"
