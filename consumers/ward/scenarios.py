"""What a visitor of the demo can let befall a patient; whoever plays the ward brings it."""

from typing import Protocol

from consumers.ward.views.ward import Scenario
from consumers.ward.views.wishes import ScenarioBegun


class ScenarioRefused(Exception):
    """A scenario can't begin; the message is one sentence that says why."""


class ScenarioDesk(Protocol):
    """Begins scenarios; it is asked in the event loop of the page, so it must not take long."""

    def list(self) -> list[Scenario]:
        """The scenarios that can begin."""

    def begin(self, name: str, patient_id: str | None) -> ScenarioBegun:
        """Lets one befall a patient, or with None the next to whom nothing has; raises ScenarioRefused."""
