"""What happened to each patient over time: read back from the log, kept with bounded memory, told as a course."""

from collections import Counter
from datetime import datetime
from typing import Protocol

from msgspec import UNSET

from consumers.ward.past.course import Window, step_for, told_of
from consumers.ward.past.form import HOUR, SECOND
from consumers.ward.past.marks import Marks
from consumers.ward.past.patient import PatientHistory, finenesses, milliseconds
from consumers.ward.past.spans import Tally
from consumers.ward.views.course import Course
from models.events import Alert, Assessment, Event, Outcome, Output, PatientContext, Pause, Reading, Tick
from models.instants import instant_of, moment_of
from models.timeliness import untimely

_FINE_AT_LEAST = 2 * HOUR
_ROOM = 0.9
_EVER = -(2**60)
_NOTHING = 2**60
_IN_A_MILLISECOND = 1_000


class Past(Protocol):
    """Where the course of a patient comes from: memory here, or a time-series store that is filled from the topics."""

    def course(self, patient_id: str, since: datetime, until: datetime, spans: int) -> Course | None:
        """What happened in that time, in at most so many spans; None for a patient of whom nothing is known."""

    @property
    def oldest(self) -> datetime | None:
        """How far back anything is known of anybody."""


class Histories:
    """Keeps the past of all patients in memory, at most `most_points` spans of it, about 14 bytes each.

    Three finenesses are kept side by side: spans of 5 seconds for `recent_minutes`, of 1 minute for `hours`, of 15
    minutes for `days`, back from each sign's newest value and from the clock. A course is told by the finest that holds
    all of its time. When there are too many spans, the oldest of 1 minute go first (but not those of the last 2 hours),
    then the oldest of 15 minutes, with what is older than they.

    A value that no worker would believe is no point, nor is a reading that one would park for its time. 1,000 patients
    with 8 signs a minute for 24 hours take about 235 MB.
    """

    def __init__(
        self, *, recent_minutes: int = 30, hours: int = 24, days: int = 28, most_points: int = 20_000_000
    ) -> None:
        self._finenesses = finenesses(recent_minutes, hours, days)
        self._most_points = most_points
        self._tally = Tally()
        self._patients: dict[str, PatientHistory] = {}
        self._marks: dict[str, Marks] = {}
        self._settings: dict[str, str | None] = {}
        self._clocks: dict[int, int] = {}
        self._now = self._tended = _EVER
        self._oldest = _NOTHING
        self._floors = [_EVER] * len(self._finenesses)
        self._overfull_from = most_points

    def take(self, record: Output | Event, partition: int) -> None:
        """Takes one record of the log, or of what workers told, each partition in its order."""
        match record:
            case Reading():
                self._take_reading(record, partition)
            case Assessment():
                self._take_assessment(record)
            case Tick():
                clock = instant_of(record.at)
                self._clocks[partition] = max(clock, self._clocks.get(partition, clock))
                self._pass_time(milliseconds(record.at))
            case Alert():
                if record.patient_id is not None:
                    self._marks_of(record.patient_id).take_alert(record)
            case Outcome():
                self._marks_of(record.patient_id).take_outcome(record)
            case Pause():
                self._marks_of(record.patient_id).take_pause(record, self._clocks.get(partition))
            case PatientContext():
                self._take_setting(record, partition)
            case _:
                pass

    # --- Telling -----------------------------------------------------------------------------------------------------

    @property
    def points(self) -> int:
        """How many spans are kept."""
        return self._tally.spans

    @property
    def oldest(self) -> datetime | None:
        """How far back anything is known of anybody."""
        return None if self._oldest == _NOTHING else moment_of(self._oldest * _IN_A_MILLISECOND)

    def course(self, patient_id: str, since: datetime, until: datetime, spans: int) -> Course | None:
        """What happened in that time, in at most so many spans; None for a patient of whom nothing is known.

        A span is a round number of seconds, never finer than what is kept of all of that time: 5 seconds within the
        last minutes, 1 minute within the last hours, else 15 minutes.
        """
        known, marks = self._patients.get(patient_id), self._marks.get(patient_id)
        if known is None and marks is None:
            return None
        begins, ends = milliseconds(since), milliseconds(until)
        step = step_for(begins, ends, spans, self._finenesses[self._finest(begins)])
        number = max(number for number, fineness in enumerate(self._finenesses) if step % fineness.step == 0)
        window = Window(begins, ends, step)
        told = told_of(known or PatientHistory(self._finenesses, self._tally), number, window)
        return Course(
            since=since.timestamp(),
            until=until.timestamp(),
            step=window.step // SECOND,
            oldest=None if known is None or known.oldest is None else known.oldest / SECOND,
            lines=told.lines,
            score=told.score,
            risks=told.risks,
            marks=[] if marks is None else marks.between(since.timestamp(), until.timestamp()),
        )

    def _finest(self, since: int) -> int:
        """The number of the finest that holds all from a time on."""
        last = len(self._finenesses) - 1
        for number, fineness in enumerate(self._finenesses[:last]):
            if since >= max(self._now - fineness.kept, self._floors[number]):
                return number
        return last

    # --- Taking ------------------------------------------------------------------------------------------------------

    def _take_reading(self, reading: Reading, partition: int) -> None:
        patient_id = reading.patient_id
        if untimely(reading, self._clocks.get(partition), self._settings.get(patient_id)) is not None:
            return
        at = milliseconds(reading.effective_at)
        known = self._patient(patient_id)
        known.take_reading(reading, at)
        self._oldest = min(self._oldest, known.first)
        self._pass_time(at)

    def _take_setting(self, context: PatientContext, partition: int) -> None:
        """Notes who is at home: what comes from there may be later."""
        setting, patient_id = context.setting, context.patient_id
        is_timely = untimely(context, self._clocks.get(partition), self._settings.get(patient_id)) is None
        if setting is not UNSET and is_timely:
            self._settings[patient_id] = setting

    def _take_assessment(self, told: Assessment) -> None:
        known = self._patient(told.patient_id)
        known.take_assessment(told, milliseconds(told.at))
        self._oldest = min(self._oldest, known.first)

    def _patient(self, patient_id: str) -> PatientHistory:
        found = self._patients.get(patient_id)
        if found is None:
            found = self._patients[patient_id] = PatientHistory(self._finenesses, self._tally)
        return found

    def _marks_of(self, patient_id: str) -> Marks:
        found = self._marks.get(patient_id)
        if found is None:
            found = self._marks[patient_id] = Marks()
        return found

    # --- Forgetting --------------------------------------------------------------------------------------------------

    def _pass_time(self, at: int) -> None:
        """Moves to a time, and forgets once an hour of it, or when there are too many spans."""
        if at > self._now:
            self._now = at
            if at - self._tended >= HOUR:
                self._forget()
        if self._tally.spans > self._overfull_from:
            self._make_room()

    def _forget(self) -> None:
        """Drops what is older than is kept, of those too of whom nothing comes any more."""
        self._tended = self._now
        befores = [
            max(floor, self._now - fineness.kept - 2 * fineness.page)
            for floor, fineness in zip(self._floors, self._finenesses, strict=True)
        ]
        for known in self._patients.values():
            for number, spans in known.kept():
                spans.forget_before(befores[number])
            known.settle()
        self._patients = {name: known for name, known in self._patients.items() if not known.is_empty}
        for marks in self._marks.values():
            marks.forget_before(befores[-1] / SECOND)
        self._marks = {name: marks for name, marks in self._marks.items() if len(marks)}
        self._oldest = min((known.first for known in self._patients.values()), default=_NOTHING)

    def _make_room(self) -> None:
        """Lets fineness go first, then the past."""
        too_many = self._tally.spans - int(self._most_points * _ROOM)
        last = len(self._finenesses) - 1
        for number in range(1, last + 1):
            sizes: Counter[int] = Counter()
            for known in self._patients.values():
                for each, spans in known.kept():
                    if each == number:
                        sizes.update(spans.sizes())
            page = self._finenesses[number].page
            until = self._now if number == last else self._now - _FINE_AT_LEAST
            for begins in sorted(sizes):
                if too_many <= 0 or begins + page > until:
                    break
                too_many -= sizes[begins]
                self._floors[number] = max(self._floors[number], begins + page)
        self._floors = [max(floor, self._floors[last]) for floor in self._floors]
        self._forget()
        left = self._tally.spans
        self._overfull_from = max(self._most_points, left + left // 20)
