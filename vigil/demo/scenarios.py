"""What can befall the patients of a simulated ward, at the word of whoever watches it."""

from consumers.ward.scenarios import ScenarioRefused
from consumers.ward.views.ward import Scenario
from consumers.ward.views.wishes import ScenarioBegun
from producers.simulator.case import UnfitPatient, UnknownScenario
from producers.simulator.scenario import Scenario as Simulated
from producers.simulator.scenarios import SCENARIOS
from producers.simulator.ward import Ward


def _told(scenario: Simulated) -> Scenario:
    promised = [expectation.within.total_seconds() for expectation in scenario.expected.alerts]
    return Scenario(name=scenario.name, title=scenario.summary, within=min(promised, default=None))


class Scenarios:
    """The scenarios of patients in beds; keys in the terminal and buttons on the page begin them, from any thread."""

    def __init__(self, ward: Ward) -> None:
        self._ward = ward

    def list(self) -> list[Scenario]:
        """Those that can befall somebody in a bed: first what is alerted soonest, last what brings no alert."""
        found = [_told(each) for each in SCENARIOS.values() if each.setting == "ward"]
        return sorted(found, key=lambda each: (each.within is None, each.within, each.name))

    def begin(self, name: str, patient_id: str | None) -> ScenarioBegun:
        """Lets one befall a patient, or with None the next to whom nothing has; raises ScenarioRefused."""
        try:
            patient_id = patient_id or self._next_well()
            self._ward.start(name, patient_id)
        except (UnfitPatient, UnknownScenario) as error:
            raise ScenarioRefused(str(error)) from error
        return ScenarioBegun(name=name, patient_id=patient_id)

    def _next_well(self) -> str:
        well = self._ward.well("ward")
        if not well:
            raise ScenarioRefused("Something happens to every patient already: name one.")
        return well[0]
