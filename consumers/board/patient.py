"""The newest picture of one patient, and the row that it makes."""

from datetime import datetime, timedelta

from msgspec import UNSET

from consumers.board import words
from consumers.board.rows import AlertLine, PatientRow, ScoreLine, Vital
from consumers.board.trend import Trend
from models.context import ENDS
from models.events import (
    Assessment,
    Forecast,
    OtherScores,
    Outcome,
    OutcomeKind,
    PatientContext,
    Score,
    ScorePart,
)

_ON_TIME = timedelta(minutes=1)
_PART_NAMES = {
    "respiratory_rate": "RR",
    "oxygen_saturation": "SpO2",
    "supplemental_oxygen": "O2",
    "systolic_blood_pressure": "BP",
    "heart_rate": "HR",
    "consciousness": "ACVPU",
    "temperature": "Temp",
}
_SCALE_2 = " sc2"
PART_NAMES = tuple(_PART_NAMES.values())


class Patient:
    """One patient; what is late tells of the past and never takes the place of what is newer."""

    def __init__(self, patient_id: str) -> None:
        self.patient_id = patient_id
        self.place = patient_id
        self.ended: tuple[datetime, OutcomeKind] | None = None
        self.newest: Assessment | None = None
        """The newest picture."""
        self.spo2_scale: int | None = None
        self._trend = Trend()
        self._forecasts: dict[str, tuple[datetime, Forecast]] = {}
        self._beside: tuple[datetime, OtherScores] | None = None

    @property
    def is_seen(self) -> bool:
        """Whether there is a picture, or monitoring ended before there was one."""
        return self.newest is not None or self.ended is not None

    @property
    def is_watched(self) -> bool:
        """Whether there is a picture, and monitoring has not ended."""
        return self.newest is not None and self.newest.monitored and self.ended is None

    def take(self, assessment: Assessment) -> None:
        """Takes a new picture, unless it is of an earlier time: the topic's order says what is newer."""
        newest = self.newest
        if newest is not None and (assessment.amended or assessment.at < newest.at - _ON_TIME):
            return
        if self.ended is not None and assessment.monitored and assessment.at > self.ended[0]:
            self.ended = None
        self.newest = assessment
        self._take_forecasts(assessment)
        if not assessment.monitored:
            self._beside = None
        elif assessment.scores is not UNSET:
            self._beside = assessment.at, assessment.scores
        self.place = words.place(assessment.ward, assessment.bed, self.patient_id)
        if assessment.news2 is not None and assessment.news2.parts is not None:
            self._trend.take(assessment.at, assessment.news2)

    def learn(self, context: PatientContext) -> None:
        """Learns by which scale the oxygen saturation is scored, if that is told."""
        if context.spo2_scale is not UNSET:
            self.spo2_scale = context.spo2_scale

    def end(self, outcome: Outcome) -> None:
        """Ends with an outcome that ends monitoring; one that is older than a readmission is history."""
        if outcome.kind in ENDS and (self.newest is None or outcome.at >= self.newest.at - _ON_TIME):
            self.ended = outcome.at, outcome.kind

    @property
    def points(self) -> tuple[int, int]:
        """Known points and the most possible, for ranking; what has no score has none."""
        score = self.newest.news2 if self.newest is not None else None
        if score is None or score.known_points is None or score.max_possible is None:
            return -1, -1
        return score.known_points, score.max_possible

    @property
    def trend(self) -> int | None:
        """By how many points the parts that are known now and were an hour ago have changed."""
        return self._trend.change

    def row(self, now: datetime, alerts: tuple[AlertLine, ...]) -> PatientRow:
        """What a page says of the patient at `now`."""
        score = self.newest.news2 if self.newest is not None else None
        parts = score.parts if score is not None and score.parts is not None else {}
        return PatientRow(
            patient_id=self.patient_id,
            place=self.place,
            score=_score_line(score, self._trend.change),
            vitals=tuple(self._vital(name, part, now) for name, part in parts.items()),
            alerts=alerts,
            forecasts=tuple(words.forecast(told, at - now) for at, told in self._soonest()),
            beside=self._said_beside(now),
        )

    def _said_beside(self, now: datetime) -> str:
        if self._beside is None:
            return ""
        at, scores = self._beside
        said = words.beside(scores)
        return f"{said} {words.age(now - at)}" if said else ""

    def _take_forecasts(self, assessment: Assessment) -> None:
        if not assessment.monitored:
            self._forecasts.clear()
        for told in () if assessment.forecasts is UNSET else assessment.forecasts:
            if told.minutes is None:
                self._forecasts.pop(told.code, None)
            else:
                self._forecasts[told.code] = assessment.at + timedelta(minutes=told.minutes), told

    def _soonest(self) -> list[tuple[datetime, Forecast]]:
        return sorted(self._forecasts.values(), key=lambda each: (each[0], each[1].code))

    def _vital(self, name: str, part: ScorePart, now: datetime) -> Vital:
        scale = _SCALE_2 if name == "oxygen_saturation" and self.spo2_scale == 2 and part.value is not None else ""
        return _vital(_PART_NAMES.get(name, name), part, now, scale)


def _score_line(score: Score | None, trend: int | None) -> ScoreLine:
    if score is None or score.known_points is None or score.max_possible is None:
        word = "no score" if score is None else score.not_applicable or "no score"
        return ScoreLine(level=None, word=word, interval="", completeness="", trend=None)
    is_known = not (score.completeness or "0/").startswith("0/")
    level = score.level if is_known else None
    return ScoreLine(
        level=level,
        word="not known" if level is None else words.LEVEL_WORDS[level],
        interval=words.interval(score.known_points, score.max_possible),
        completeness=score.completeness or "",
        trend=trend if is_known else None,
    )


def _vital(name: str, part: ScorePart, now: datetime, scale: str) -> Vital:
    value = part.value
    return Vital(
        name=name,
        value="-" if value is None else value if isinstance(value, str) else f"{value:g}{scale}",
        state=part.state,
        age=None if part.at is None else now - part.at,
        points=part.points,
    )
