"""The spans of one patient: the values of each sign with what is usual, NEWS2 with its parts, and the learned risks."""

from collections.abc import Iterator
from datetime import datetime

from consumers.ward.past.form import DAY, HOUR, MINUTE, SECOND, VALUES, Fineness, Form, Row, newest_form
from consumers.ward.past.spans import Spans, Tally
from models.detectors.anomaly import LEAST_LEARNED
from models.device import Device, remember_reading
from models.events import Assessment, Reading, Refused, Score
from models.instants import instant_of
from models.quality import judge
from models.scores.news2 import PARTS

Finenesses = tuple[Fineness, ...]
"""The finenesses in which all is kept side by side, the finest first; each by itself holds all of its time."""

UNKNOWN = 255
"""Stands for points that are not known."""

_IN_A_MILLISECOND = 1_000
_MOST_DEVICES = 50
_NOT_YET = 2**60
_BASELINE = newest_form("ff", ("usual", "spread"))
_SCORE = newest_form("B" * (len(PARTS) + 2), ("known", "most", *PARTS))
_RISK = newest_form("f", ("probability",))


def finenesses(recent_minutes: int, hours: int, days: int) -> Finenesses:
    """Spans of 5 seconds for the last minutes, of 1 minute for the last hours, of 15 minutes for days."""
    return (
        Fineness(5 * SECOND, 5 * MINUTE, recent_minutes * MINUTE),
        Fineness(MINUTE, HOUR, hours * HOUR),
        Fineness(15 * MINUTE, DAY, days * DAY),
    )


def milliseconds(moment: datetime) -> int:
    """Whole milliseconds since 1970 of an aware datetime."""
    return instant_of(moment) // _IN_A_MILLISECOND


class PatientHistory:
    """All that is kept of one patient over time; what a reading says again changes nothing."""

    def __init__(self, finenesses: Finenesses, tally: Tally) -> None:
        self.values: dict[str, tuple[Spans, ...]] = {}
        self.usual: dict[str, Spans] = {}
        self.score: tuple[Spans, ...] = ()
        self.risk: tuple[Spans, ...] = ()
        self.stay_risk: tuple[Spans, ...] = ()
        self.first = _NOT_YET
        """The earliest time of which anything was taken since it last settled, or was kept then: milliseconds."""
        self._devices: dict[str, Device] = {}
        self._finenesses = finenesses
        self._tally = tally

    def take_reading(self, reading: Reading, at: int) -> None:
        """Takes the values that are believed, each in its sign's own unit; `at` in milliseconds since 1970."""
        device = self._device(reading.device_id)
        if not remember_reading(device, reading.reading_id):
            return
        device_type = device.type = reading.device_type or device.type
        for measurement in reading.measurements:
            judged = judge(measurement, device_type)
            if isinstance(judged, Refused):
                continue
            value, code = judged.value, judged.sign.code
            kept = self.values.get(code)
            if kept is None:
                kept = self.values[code] = self._spans(VALUES)
            if at < self.first:
                self.first = at
            row = (value, value, value)
            for spans in kept:
                spans.put(at, row)

    def take_assessment(self, told: Assessment, at: int) -> None:
        """Takes the score, the risks and what is usual, at the time of which they tell."""
        if told.anomaly is not None:
            for found in told.anomaly.deviations:
                if found.learned_from < LEAST_LEARNED:
                    continue
                usual = self.usual.get(found.code)
                if usual is None:
                    usual = self.usual[found.code] = Spans(_BASELINE, self._finenesses[-1], self._tally)
                usual.put(at, (found.usual, found.spread))
        if told.news2 is not None and told.news2.parts is not None:
            self.first = min(self.first, at)
            self.score = self._put(self.score, _SCORE, at, _score_row(told.news2))
        if told.risk is not None:
            self.risk = self._put(self.risk, _RISK, at, (told.risk.probability,))
        if told.stay_risk:
            self.stay_risk = self._put(self.stay_risk, _RISK, at, (told.stay_risk.probability,))

    def kept(self) -> Iterator[tuple[int, Spans]]:
        """All spans, with the number of their fineness."""
        for several in (*self.values.values(), self.score, self.risk, self.stay_risk):
            yield from enumerate(several)
        for usual in self.usual.values():
            yield len(self._finenesses) - 1, usual

    def settle(self) -> None:
        """Drops the signs of which nothing is kept any more, and knows since when anything is."""
        self.values = {code: kept for code, kept in self.values.items() if not all(each.is_empty for each in kept)}
        self.usual = {code: usual for code, usual in self.usual.items() if not usual.is_empty}
        oldest = self.oldest
        self.first = _NOT_YET if oldest is None else oldest

    @property
    def is_empty(self) -> bool:
        """Whether nothing is kept any more."""
        return all(spans.is_empty for _, spans in self.kept())

    @property
    def oldest(self) -> int | None:
        """How far back anything is known, in milliseconds since 1970; None where nothing is."""
        coarsest = len(self._finenesses) - 1
        begins = (spans.begins for number, spans in self.kept() if number == coarsest)
        oldest = min((at for at in begins if at is not None), default=None)
        return None if oldest is None else max(oldest, self.first)

    def _put(self, several: tuple[Spans, ...], form: Form, at: int, row: Row) -> tuple[Spans, ...]:
        several = several or self._spans(form)
        for spans in several:
            spans.put(at, row)
        return several

    def _spans(self, form: Form) -> tuple[Spans, ...]:
        return tuple(Spans(form, fineness, self._tally) for fineness in self._finenesses)

    def _device(self, device_id: str) -> Device:
        found = self._devices.get(device_id)
        if found is None:
            if len(self._devices) >= _MOST_DEVICES:
                del self._devices[next(iter(self._devices))]
            found = self._devices[device_id] = Device(0)
        return found


def _score_row(score: Score) -> Row:
    parts = score.parts or {}
    points = (parts[name].points if name in parts else None for name in PARTS)
    return tuple(UNKNOWN if number is None else number for number in (score.known_points, score.max_possible, *points))
