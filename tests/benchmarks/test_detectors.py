"""What each detector adds and costs is measured on all of them, and written as a table."""

from pkgutil import iter_modules

import models.detectors
from benchmarks.detectors.report import measure_detectors

OF_WEARERS = {"arousal", "resting_heart_rate", "time_series"}
"""What no panel of a bedside monitor reaches; what these cost is told where wearables are evaluated."""


def test_every_detector_has_its_line_and_speaks_of_what_it_is_for() -> None:
    report = measure_detectors(panels=3000, patients=30, rounds=1, watched=1)

    files = {module.name for module in iter_modules(models.detectors.__path__)}
    assert report.cost.keys() == {*files - OF_WEARERS, "all that look once a minute"}
    assert report.worth["flat_line"].caught["stuck-sensor"] == {"technical": 1}
    assert report.worth["drift"].caught["sepsis"] == {"physiological": 1}
    assert report.worth["limits"].caught["haemorrhage"] == {"physiological": 1}
    assert report.cost["drift"].bytes_per_patient is not None
    assert report.told.count("\n| ") == len(report.cost) + 1
