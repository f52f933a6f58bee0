"""What was last thought of one patient beside NEWS2: the learned risks, other scores, findings and forecasts."""

from typing import Literal

from msgspec import UNSET
from msgspec.structs import replace

from consumers.ward.views.patient import FindingView, OtherScore, RiskView
from models.events import Assessment, Finding, Forecast, OtherScores, Risk, Score, ShockIndex, StayRisk
from models.instants import HOUR, MINUTE
from models.risk.labels import HORIZON
from models.vital_signs import SIGNS
from models.wording import amount, capitalized, duration

Name = Literal["mews", "qsofa", "sirs", "shock_index"]

_RISK_HOURS = HORIZON / HOUR
_MOST_OVER = 20
_TREND = "trend"


class Outlook:
    """Keeps the newest of each, findings and forecasts until 20 others are over after them.

    The end of monitoring may be heard before what was told until then: topics are read side by side.
    """

    __slots__ = ("_ended_at", "_findings", "_others", "_risk", "_stay_risk")

    def __init__(self) -> None:
        self._risk: tuple[float, Risk] | None = None
        self._stay_risk: tuple[float, StayRisk] | None = None
        self._others: tuple[float, OtherScores] | None = None
        self._findings: list[FindingView] = []
        self._ended_at = float("-inf")

    def take(self, told: Assessment) -> None:
        """Takes what one assessment tells; what is of an earlier time than is known of changes no risk and no score."""
        at = told.at.timestamp()
        if told.risk is not None and _is_news(self._risk, at):
            self._risk = at, told.risk
        if told.stay_risk is not UNSET and _is_news(self._stay_risk, at):
            self._stay_risk = at, told.stay_risk
        if told.scores is not UNSET and _is_news(self._others, at):
            self._others = at, told.scores
        for finding in () if told.findings is UNSET else told.findings:
            self._take_finding(finding, at)
        for forecast in () if told.forecasts is UNSET else told.forecasts:
            self._take_forecast(forecast, at)

    def end(self, at: float) -> None:
        """Monitoring ended: nothing holds any more that was told until then."""
        self._ended_at = max(self._ended_at, at)
        self._findings = [replace(each, until=at) if each.until is None else each for each in self._findings]

    def risks(self) -> list[RiskView]:
        """The newest of each learned risk."""
        risks = []
        if self._risk is not None:
            risks.append(_risk_view(*self._risk, hours=_RISK_HOURS))
        if self._stay_risk is not None:
            risks.append(_risk_view(*self._stay_risk, hours=None))
        return risks

    def others(self) -> list[OtherScore]:
        """The newest of the scores beside NEWS2."""
        if self._others is None:
            return []
        at, scores = self._others
        return [
            _score_view("mews", at, scores.mews),
            _score_view("qsofa", at, scores.qsofa),
            _score_view("sirs", at, scores.vitals_only_sirs),
            _ratio_view(at, scores.shock_index),
        ]

    def findings(self) -> list[FindingView]:
        """What holds, the newest first, then what is over."""
        return sorted(self._findings, key=lambda each: (each.until is not None, -(each.until or each.since)))

    def _take_finding(self, finding: Finding, at: float) -> None:
        """Begins a finding, tells it anew, or ends it; what is over at once, as a spike, never stood."""
        since = finding.since.timestamp()
        standing = next((each for each in self._findings if _is_same(each, finding, since)), None)
        if standing is not None:
            self._findings.remove(standing)
        if finding.state == "begun" or standing is None:
            standing = FindingView(
                detector=finding.detector,
                category=finding.category,
                codes=finding.codes,
                since=since,
                until=self._ends(at),
                text=finding.reason,
            )
        self._add(standing if finding.state == "begun" else replace(standing, until=at))

    def _take_forecast(self, told: Forecast, at: float) -> None:
        """Takes the place of what was foretold of a sign before; `since` is when it was told, as its minutes are."""
        for each in [each for each in self._findings if each.detector == _TREND and each.codes == [told.code]]:
            self._findings.remove(each)
            if told.state == "over" and each.until is None:
                self._add(replace(each, until=at))
        if told.state != "over":
            self._add(
                FindingView(
                    detector=_TREND,
                    category=None,
                    codes=[told.code],
                    since=at,
                    until=self._ends(at),
                    text=_foretold(told),
                )
            )

    def _ends(self, at: float) -> float | None:
        """When what begins to hold at a time ended with monitoring, if it did."""
        return self._ended_at if at <= self._ended_at else None

    def _add(self, finding: FindingView) -> None:
        self._findings.append(finding)
        over = [each for each in self._findings if each.until is not None]
        for each in over[: max(0, len(over) - _MOST_OVER)]:
            self._findings.remove(each)


def _is_same(known: FindingView, finding: Finding, since: float) -> bool:
    """Whether a finding that holds is the one that is told of again; what is over may name no sign, or the first."""
    is_of_it = known.detector == finding.detector and known.since == since and known.until is None
    return is_of_it and known.codes[: len(finding.codes[:1])] == finding.codes[:1]


def _is_news(known: tuple[float, object] | None, at: float) -> bool:
    return known is None or at >= known[0]


def _risk_view(at: float, risk: Risk | StayRisk, *, hours: float | None) -> RiskView:
    return RiskView(
        at=at,
        version=risk.version,
        probability=risk.probability,
        hours=hours,
        known=risk.known,
        of=risk.of,
        newest_hours=risk.newest_hours,
        oldest_hours=risk.oldest_hours if isinstance(risk, Risk) else None,
        drivers=risk.drivers,
        rest=risk.rest,
    )


def _score_view(name: Name, at: float, score: Score) -> OtherScore:
    return OtherScore(
        name=name,
        at=at,
        not_applicable=score.not_applicable,
        least=score.known_points,
        most=score.max_possible,
        completeness=score.completeness,
    )


def _ratio_view(at: float, ratio: ShockIndex) -> OtherScore:
    return OtherScore(
        name="shock_index",
        at=at,
        not_applicable=ratio.not_applicable,
        least=ratio.least if ratio.value is None else ratio.value,
        most=ratio.most if ratio.value is None else ratio.value,
        completeness=ratio.completeness,
    )


def _foretold(told: Forecast) -> str:
    """One sentence of what a sign would do, should it go on as it does."""
    sign = SIGNS[told.code]
    limit = "limit" if told.limit is None else f"limit of {amount(sign, told.limit)}"
    way = "rise over its high" if told.direction == "high" else "fall under its low"
    when = "" if told.minutes is None else f" in about {duration(round(told.minutes * MINUTE))}"
    return f"{capitalized(sign.title)}, {amount(sign, told.value)}, would {way} {limit}{when} if it goes on so."
