"""The response that NEWS2's level asks for (Royal College of Physicians, 2017, chart 4)."""

from models.alerting.state import RANK
from models.detectors.early_warning import loinc
from models.events import Level, Priority, Recommendation, RecommendationKind, Score
from models.picture import Patient
from models.recommendations import Proposal
from models.scores import news2

KIND: RecommendationKind = "response"
_SOURCE = "RCP 2017, NEWS2 chart 4"
_ORDER: tuple[Level, ...] = ("low", "low-medium", "medium", "high")
_PRIORITIES: dict[Level, Priority] = {"low": "low", "low-medium": "medium", "medium": "medium", "high": "high"}
_RESPONSES: dict[Level, str] = {
    "low": "A registered nurse assesses and decides on monitoring: every 4 to 6 h, at a score of 0 every 12 h.",
    "low-medium": "The nurse informs the medical team, which reviews; monitor at least every hour.",
    "medium": "Call urgently for assessment by a clinician competent in acute illness; monitor at least every hour.",
    "high": "Call the emergency team with airway and critical-care skills; monitor continuously; level 2 or 3 care.",
}


def wanted(patient: Patient, score: Score) -> Proposal | Recommendation | None:
    """The response to the level; one that an alert still holds up does not go down before the alert does.

    The level decides when a response is told anew, not each sign that joins in.
    """
    standing = patient.proposed.get(KIND)
    if score.level is None or score.parts is None or score.completeness == "0/7":
        return standing
    level = _held(patient, score.level)
    if standing is not None and standing.text == _RESPONSES[level] and standing.codes:
        return standing
    return Proposal(
        kind=KIND,
        priority=_PRIORITIES[level],
        text=_RESPONSES[level],
        reason=f"NEWS2 level {level}: {score.known_points} points known on {score.completeness} parts.",
        codes=[loinc(part) for part, found in score.parts.items() if found.points],
        source=_SOURCE,
    )


def _held(patient: Patient, level: Level) -> Level:
    alert = patient.open_alert("news2", news2.CODE, "high")
    before = None if alert is None else _standing_level(patient)
    if alert is None or before is None or _ORDER.index(before) <= _ORDER.index(level):
        return level
    return before if RANK[alert.priority] >= RANK[_PRIORITIES[before]] else level


def _standing_level(patient: Patient) -> Level | None:
    standing = patient.proposed.get(KIND)
    return None if standing is None else next(level for level in _ORDER if _RESPONSES[level] == standing.text)
