"""Measure again what is missing or stale and could change NEWS2's level, or what an open alert rests on."""

from models.detectors.early_warning import loinc
from models.events import Recommendation, RecommendationKind, Score
from models.picture import Patient
from models.recommendations import Proposal
from models.scores import news2
from models.vital_signs import SIGNS
from models.wording import capitalized

KIND: RecommendationKind = "measure"
_SOURCE = "Vigil: a score is an interval"


def wanted(patient: Patient, score: Score) -> Proposal | Recommendation | None:
    """What to measure, if anything; parts in NEWS2's order, then the signs of alerts that went stale."""
    if not (patient.alerts or score.missing or score.stale):
        return None
    parts = _parts_that_matter(score)
    for alert in patient.alerts:
        if alert.kind == "news2" and alert.stale:
            stale = set(score.stale or ()) & alert.peak.keys()
            parts.update(dict.fromkeys(sorted(stale - parts.keys()), "stale"))
    others = {
        a.code
        for a in patient.alerts
        if a.stale and a.is_sounding and a.kind in ("limit", "zero", "anomaly") and a.code
    }
    codes = {loinc(part): f"{part.replace('_', ' ')} ({state})" for part, state in parts.items()}
    codes |= {code: f"{SIGNS[code].title} (stale)" for code in sorted(others - codes.keys())}
    if not codes:
        return None
    text, standing = f"Measure again: {', '.join(codes.values())}.", patient.proposed.get(KIND)
    if standing is not None and standing.text == text and standing.codes == list(codes):
        return standing
    is_alert = any(alert.stale and alert.is_sounding for alert in patient.alerts)
    return Proposal(
        kind=KIND,
        priority="medium" if is_alert else "low",
        text=text,
        reason=capitalized(_reason(score, is_alert=is_alert)),
        codes=list(codes),
        source=_SOURCE,
    )


def _parts_that_matter(score: Score) -> dict[str, str]:
    """Parts that are missing or stale and that could change the level, alone or together."""
    if score.parts is None or score.known_points is None or score.max_possible is None:
        return {}
    unknown = {name: part for name, part in score.parts.items() if part.state != "fresh"}
    known = [part.points for part in score.parts.values() if part.points is not None]
    highest = max([*known, *(part.max_points for part in unknown.values())], default=0)
    if news2.level_of(score.max_possible, highest) == score.level:
        return {}
    return {name: part.state for name, part in unknown.items()}


def _reason(score: Score, *, is_alert: bool) -> str:
    if is_alert:
        return "an open alert rests on values that are no longer fresh, and nothing clears because it went stale."
    return (
        f"NEWS2 is {score.known_points} on {score.completeness} parts and could be up to {score.max_possible}, "
        "which would change its level."
    )
