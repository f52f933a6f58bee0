"""The ward as the page is told it: records in; rows, gateways and calls out, all at once or since a count."""

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from consumers.ward.book import rows
from consumers.ward.book.alerts import WardAlerts
from consumers.ward.book.calls import Calls
from consumers.ward.book.pauses import Pauses, Place
from consumers.ward.book.roster import Roster
from consumers.ward.book.watched import Watched
from consumers.ward.views.ward import Call, Changes, GatewayView, Row
from models.events import (
    Alert,
    AnswerResult,
    Assessment,
    Event,
    Origin,
    Outcome,
    Output,
    PatientContext,
    Pause,
    Reading,
    Recommendation,
    Tick,
)


class Book:
    """Takes records topic by topic, in any order of topics; `seq` counts what made a difference.

    `now` is the newest time of any output or tick: event time, never the wall clock. At most `most` patients are kept.
    """

    def __init__(self, origin: Origin, *, most: int) -> None:
        self.run = uuid.uuid4().hex[:12]
        self.now: datetime | None = None
        self.readings = 0
        self.roster = Roster(most=most)
        self.alerts = WardAlerts()
        self._calls = Calls()
        self._pauses = Pauses()
        self._paused: set[str] = set()
        self.origin: Origin = origin
        self._has_begun = False
        self._takes: Mapping[type, Callable[[Any, Place], None]] = {  # Any: each takes what it is called for
            Assessment: self._assess,
            Alert: self._alert,
            Recommendation: self._advise,
            Reading: self._hear,
            PatientContext: self._learn,
            Outcome: self._end,
            Pause: self._ask,
            AnswerResult: self._answer,
            Tick: self._tick,
        }

    def take(self, record: Output | Event, place: Place) -> None:
        """Takes one record from its partition and offset; what the ward view does not show changes nothing."""
        takes = self._takes.get(type(record))
        if takes is not None:
            takes(record, place)

    def take_standing(self, alert_id: str, alert: Alert | None) -> None:
        """Takes the newest revision of an alert that stands, or none for one that has closed, before all else."""
        if alert is not None:
            self._see(alert.at)
            self.alerts.take_standing(alert)
            self._touch_subject(alert)
        elif (closed := self.alerts.forget(alert_id)) is not None:
            self._touch_subject(closed)

    def begin(self) -> None:
        """The past is read: from here on calls are numbered as they come, and whoever looked on loads all anew."""
        self._has_begun = True
        self.roster.count()
        self.roster.oldest = self.seq
        self._calls.begin(self.seq)

    # --- What stands now ---------------------------------------------------------------------------------------------

    @property
    def seq(self) -> int:
        """How many differences there were so far."""
        return self.roster.seq

    def rows(self) -> list[Row]:
        """The rows of all watched patients, in no order."""
        return [self._row(watched) for watched in self.roster.all_shown()]

    def row(self, patient_id: str) -> Row | None:
        """The row of a patient who was ever shown, watched or not any more."""
        found = self.roster.find(patient_id)
        return None if found is None or not found.was_shown else self._row(found)

    def is_watched(self, patient_id: str) -> bool:
        """Whether the ward view shows a patient."""
        found = self.roster.find(patient_id)
        return found is not None and found.is_shown

    def gateways(self) -> list[GatewayView]:
        """Gateways with an open alert of their own."""
        return self.alerts.gateways()

    def calls(self) -> list[Call]:
        """The newest calls, the oldest first."""
        return self._calls.since(-1)

    def changes(self, since: int) -> Changes | None:
        """What is different since a count; none where what has happened since can't be told any more."""
        if not max(self.roster.oldest, self._calls.forgotten) <= since <= self.seq:
            return None
        changed = [watched for watched in self.roster.changed(since) if watched.was_shown]
        return Changes(
            seq=self.seq,
            rows=[self._row(watched) for watched in changed if watched.is_shown],
            gone=[watched.patient.patient_id for watched in changed if not watched.is_shown],
            gateways=self.gateways(),
            calls=self._calls.since(since),
        )

    # --- How it gets there -------------------------------------------------------------------------------------------

    def _assess(self, told: Assessment, _place: Place) -> None:
        self._see(told.at)
        if watched := self.roster.admit(told.patient_id):
            watched.assess(told)
            self._touch(watched)

    def _alert(self, told: Alert, _place: Place) -> None:
        self._see(told.at)
        if told.patient_id is not None and self.roster.admit(told.patient_id) is None:
            return
        is_news = self.alerts.take(told) or not self._has_begun
        if is_news and told.notify:
            self._calls.take(told, rows.brief(told, told.at), self.seq + 1)
        self._touch_subject(told)

    def _touch_subject(self, told: Alert) -> None:
        if told.patient_id is not None:
            if watched := self.roster.admit(told.patient_id):
                self._touch(watched)
        else:
            self.roster.count()

    def _advise(self, told: Recommendation, _place: Place) -> None:
        self._see(told.at)
        if watched := self.roster.admit(told.patient_id):
            watched.advise(told)
            self._touch(watched)

    def _hear(self, told: Reading, _place: Place) -> None:
        self.readings += 1
        watched = self.roster.admit(told.patient_id)
        if watched is not None and watched.hear(told, self.now):
            self._touch(watched)

    def _learn(self, told: PatientContext, _place: Place) -> None:
        if watched := self.roster.admit(told.patient_id):
            watched.patient.learn(told)

    def _end(self, told: Outcome, _place: Place) -> None:
        if watched := self.roster.admit(told.patient_id):
            watched.patient.end(told)
            self._touch(watched)

    def _ask(self, told: Pause, place: Place) -> None:
        self._suspend(self._pauses.ask(told, place))

    def _answer(self, told: AnswerResult, _place: Place) -> None:
        self._see(told.at)
        if told.answer == "Pause":
            self._suspend(self._pauses.accept(told))

    def _suspend(self, pause: Pause | None) -> None:
        watched = None if pause is None else self.roster.admit(pause.patient_id)
        if pause is not None and watched is not None:
            watched.suspend(pause)
            self._paused.add(pause.patient_id)
            self._touch(watched)
            self._end_pauses()

    def _tick(self, told: Tick, _place: Place) -> None:
        self._see(told.at)

    def _see(self, at: datetime) -> None:
        if self.now is None or at > self.now:
            self.now = at
            if self._paused:
                self._end_pauses()

    def _end_pauses(self) -> None:
        for patient_id in list(self._paused):
            watched = self.roster.find(patient_id)
            pause = None if watched is None else watched.pause
            if pause is None or (self.now is not None and pause.until <= self.now):
                self._paused.discard(patient_id)
                if watched is not None:
                    watched.pause = None
                    self._touch(watched)

    # --- Patients ----------------------------------------------------------------------------------------------------

    def _touch(self, watched: Watched) -> None:
        """Something about a patient has changed."""
        watched.row = None
        self.roster.note(watched, is_shown=self._is_shown(watched))

    def _is_shown(self, watched: Watched) -> bool:
        """Whether monitoring goes on, or all that is known is that an alert stands."""
        patient = watched.patient
        if patient.newest is None and patient.ended is None:
            return bool(self.alerts.standing(patient.patient_id))
        return patient.is_watched

    def _row(self, watched: Watched) -> Row:
        if watched.row is None:
            standing = self.alerts.standing(watched.patient.patient_id)
            watched.row = rows.row(watched, self.alerts.briefs(standing), standing, self.origin)
        return watched.row
