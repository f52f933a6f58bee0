"""NEWS2 as a reason to alert: on known points of values that came in time, never on what is missing or stale."""

from collections.abc import Mapping
from functools import lru_cache

from models.alerting.policy import ScoreRule
from models.alerting.state import RANK, OpenAlert
from models.alerting.verdict import Verdict
from models.events import Evidence, Level, Priority
from models.instants import moment_of
from models.picture import CONSCIOUSNESS, OXYGEN, Observed, Patient
from models.scores import news2
from models.vital_signs import SIGNS
from models.wording import duration, said

PART_CODES = {
    "respiratory_rate": "9279-1",
    "oxygen_saturation": "59408-5",
    "supplemental_oxygen": OXYGEN,
    "systolic_blood_pressure": "8480-6",
    "heart_rate": "8867-4",
    "consciousness": CONSCIOUSNESS,
    "temperature": "8310-5",
}
_LOINC = {OXYGEN: "3150-0", CONSCIOUSNESS: "67775-7"}
_SINGLE = 3


def observed_parts(patient: Patient, now: int, *, as_of: int | None = None) -> dict[str, Observed | None]:
    """The seven inputs as they stand at `now`, or stood at `as_of`."""
    return {part: patient.observe(code, now, as_of=as_of) for part, code in PART_CODES.items()}


def loinc(part: str) -> str:
    """The LOINC code under which a part is told."""
    code = PART_CODES[part]
    return _LOINC.get(code, code)


def look(
    patient: Patient,
    parts: Mapping[str, Observed | None],
    points: Mapping[str, int],
    at: int,
    max_possible: int,
    rule: ScoreRule,
) -> Verdict | None:
    """What the points of the fresh parts say; None when nothing is wrong and no alert is open.

    `points` are those of parts that may raise an alert; `at` is the time of the event that changed them.
    """
    alert = patient.open_alert("news2", news2.CODE, "high")
    known = sum(points.values())
    greatest = max(points.values(), default=0)
    level = news2.level_of(known, greatest)
    priority = _priority(known, greatest, rule) or (
        _rise(patient.points, points, known, alert, rule.medium_from) if rule.rise else None
    )
    if alert is None and priority is None:
        return None
    scoring = {part: seen for part in points if points[part] and (seen := parts[part]) is not None}
    may_fall = alert is None or alert.state == "pending" or _is_renewed(alert, parts)
    is_lower = alert is not None and RANK[priority] < RANK[alert.priority]
    is_continuous = any(seen.is_continuous for seen in scoring.values())
    return Verdict(
        kind="news2",
        code=news2.CODE,
        direction="high",
        state="unknown" if is_lower and not may_fall else "bad" if priority else "clear",
        priority=priority or "low",
        at=at,
        delay=rule.delay if is_continuous else None,
        clear_after=0 if alert is None else _clear_after(alert, parts, rule),
        may_fall=may_fall,
        reason=_reason(known, level, scoring, points, max_possible),
        clears_when=_clears_when(rule),
        evidence=[
            Evidence(code=loinc(part), value=news2.shown(part, seen.value), points=points[part], at=moment_of(seen.at))
            for part, seen in scoring.items()
        ],
        signs=[(loinc(part), _side(part, seen.value)) for part, seen in scoring.items()],
        points=known,
        parts={part: seen.at for part, seen in scoring.items()},
    )


def is_stale(alert: OpenAlert, parts: Mapping[str, Observed | None]) -> bool:
    """Whether a part that scored at the alert's peak is no longer fresh."""
    return any((seen := parts[part]) is None or not seen.is_fresh for part in alert.peak)


def _priority(known: int, greatest: int, rule: ScoreRule) -> Priority | None:
    """How urgent the points are, all of them and the most of one part."""
    if known >= rule.high_from:
        return "high"
    return "medium" if known >= rule.medium_from or (rule.single_three and greatest == _SINGLE) else None


def _rise(
    before: Mapping[str, int] | None, points: Mapping[str, int], known: int, alert: OpenAlert | None, medium: int
) -> Priority | None:
    """A rise of 2 or more below `medium` points over the parts fresh in both scores, or one that still holds."""
    if alert is not None and alert.priority == "low":
        return "low" if known >= alert.peak_points else None
    if before is None or not 1 <= known < medium:
        return None
    shared = before.keys() & points.keys()
    return "low" if sum(points[part] - before[part] for part in shared) >= 2 else None


def _is_renewed(alert: OpenAlert, parts: Mapping[str, Observed | None]) -> bool:
    return all((seen := parts[part]) is not None and seen.is_fresh and seen.at > at for part, at in alert.peak.items())


def _was_continuous(alert: OpenAlert, parts: Mapping[str, Observed | None]) -> bool:
    return any((seen := parts[part]) is not None and seen.is_continuous for part in alert.peak)


def _clear_after(alert: OpenAlert, parts: Mapping[str, Observed | None], rule: ScoreRule) -> int:
    return rule.clear_after if _was_continuous(alert, parts) else rule.clear_after_spot


def _clears_when(rule: ScoreRule) -> str:
    lasting = duration(rule.clear_after) if rule.clear_after else "a value"
    where = "" if rule.clear_after_spot else " where they are continuous"
    return f"NEWS2 is lower on newer fresh values of every part that scored at its peak, for {lasting}{where}."


def _side(part: str, value: float) -> str:
    usual = SIGNS[PART_CODES[part]].baseline if PART_CODES[part] in SIGNS else None
    return "low" if usual is not None and value < usual.mean else "high"


def _reason(
    known: int, level: Level, scoring: Mapping[str, Observed], points: Mapping[str, int], max_possible: int
) -> str:
    told = [f"{_said(part, seen.value)} scores {points[part]}" for part, seen in scoring.items()]
    could_be = f"; it could be up to {max_possible} with what is missing or stale" if max_possible > known else ""
    return f"NEWS2 is {known} ({level}): {', '.join(told) or 'no part scores'}{could_be}."


@lru_cache(maxsize=1024)
def _said(part: str, value: float) -> str:
    if part == "supplemental_oxygen":
        return "supplemental oxygen"
    if part == "consciousness":
        return said(SIGNS["67775-7"], value)
    return said(SIGNS[PART_CODES[part]], news2.rounded(part, value))
