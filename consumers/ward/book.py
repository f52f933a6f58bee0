"""The ward as the page is told it: records in; rows, gateways and calls out, all at once or since a count."""

import uuid
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from consumers.ward import rows
from consumers.ward.alerts import WardAlerts
from consumers.ward.calls import Calls
from consumers.ward.pauses import Pauses, Place
from consumers.ward.views.ward import Call, Changes, GatewayView, Row
from consumers.ward.watched import Watched
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

_MOST_NAMED = 100_000


class Book:
    """Takes records topic by topic, in any order of topics; `seq` counts what made a difference.

    `now` is the newest time of any output or tick: event time, never the wall clock. At most `most` patients are kept:
    for a new one the patient goes whose monitoring ended first; where nobody's has, the new one is `left_out`.
    """

    def __init__(self, origin: Origin, *, most: int) -> None:
        self.run = uuid.uuid4().hex[:12]
        self.seq = 0
        self.oldest = 0
        """Whoever was last told of an earlier count has missed what can't be told again."""
        self.now: datetime | None = None
        self.readings = 0
        self.left_out: set[str] = set()
        """Whom there was no room for."""
        self._origin: Origin = origin
        self._most = most
        self._watched: OrderedDict[str, Watched] = OrderedDict()  # In the order of their last change.
        self._rows: dict[str, Row] = {}
        self.alerts = WardAlerts()
        self._calls = Calls()
        self._pauses = Pauses()
        self._paused: set[str] = set()
        self._shown = 0
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
            self.alerts.take(alert)
            self._touch_subject(alert)
        elif (closed := self.alerts.forget(alert_id)) is not None:
            self._touch_subject(closed)

    def begin(self) -> None:
        """The past is read: from here on calls are numbered as they come, and whoever looked on loads all anew."""
        self._has_begun = True
        self.seq += 1
        self.oldest = self.seq
        self._calls.begin(self.seq)

    # --- What stands now ---------------------------------------------------------------------------------------------

    def rows(self) -> list[Row]:
        """The rows of all watched patients, in no order."""
        return [self._row(watched) for watched in self._watched.values() if watched.is_shown]

    def row(self, patient_id: str) -> Row | None:
        """The row of a patient who was ever shown, watched or not any more."""
        found = self._watched.get(patient_id)
        return None if found is None or not found.was_shown else self._row(found)

    def is_watched(self, patient_id: str) -> bool:
        """Whether the ward view shows a patient."""
        found = self._watched.get(patient_id)
        return found is not None and found.is_shown

    @property
    def patients(self) -> int:
        """How many the ward view shows."""
        return self._shown

    def gateways(self) -> list[GatewayView]:
        """Gateways with an open alert of their own."""
        return self.alerts.gateways()

    def calls(self) -> list[Call]:
        """The newest calls, the oldest first."""
        return self._calls.since(-1)

    def changes(self, since: int) -> Changes | None:
        """What is different since a count; none where what has happened since can't be told any more."""
        if not max(self.oldest, self._calls.forgotten) <= since <= self.seq:
            return None
        changed, gone = [], []
        for patient_id, watched in reversed(self._watched.items()):
            if watched.changed <= since:
                break
            if watched.is_shown:
                changed.append(self._row(watched))
            elif watched.was_shown:
                gone.append(patient_id)
        return Changes(seq=self.seq, rows=changed, gone=gone, gateways=self.gateways(), calls=self._calls.since(since))

    # --- How it gets there -------------------------------------------------------------------------------------------

    def _assess(self, told: Assessment, _place: Place) -> None:
        self._see(told.at)
        if watched := self._find(told.patient_id):
            watched.assess(told)
            self._touch(watched)

    def _alert(self, told: Alert, _place: Place) -> None:
        self._see(told.at)
        if told.patient_id is not None and self._find(told.patient_id) is None:
            return
        is_news = self.alerts.take(told) or not self._has_begun
        if is_news and told.notify:
            self._calls.take(told, rows.brief(told, told.at), self.seq + 1)
        self._touch_subject(told)

    def _touch_subject(self, told: Alert) -> None:
        if told.patient_id is not None:
            if watched := self._find(told.patient_id):
                self._touch(watched)
        else:
            self.seq += 1

    def _advise(self, told: Recommendation, _place: Place) -> None:
        self._see(told.at)
        if watched := self._find(told.patient_id):
            watched.advise(told)
            self._touch(watched)

    def _hear(self, told: Reading, _place: Place) -> None:
        self.readings += 1
        watched = self._find(told.patient_id)
        if watched is not None and watched.hear(told, self.now):
            self._touch(watched)

    def _learn(self, told: PatientContext, _place: Place) -> None:
        if watched := self._find(told.patient_id):
            watched.patient.learn(told)

    def _end(self, told: Outcome, _place: Place) -> None:
        if watched := self._find(told.patient_id):
            watched.patient.end(told)
            self._touch(watched)

    def _ask(self, told: Pause, place: Place) -> None:
        self._suspend(self._pauses.ask(told, place))

    def _answer(self, told: AnswerResult, _place: Place) -> None:
        self._see(told.at)
        if told.answer == "Pause":
            self._suspend(self._pauses.accept(told))

    def _suspend(self, pause: Pause | None) -> None:
        watched = None if pause is None else self._find(pause.patient_id)
        if pause is not None and watched is not None:
            watched.suspend(pause)
            self._paused.add(pause.patient_id)
            self._touch(watched)

    def _tick(self, told: Tick, _place: Place) -> None:
        self._see(told.at)

    def _see(self, at: datetime) -> None:
        if self.now is None or at > self.now:
            self.now = at
            if self._paused:
                self._end_pauses(at)

    def _end_pauses(self, now: datetime) -> None:
        for patient_id in list(self._paused):
            watched = self._watched.get(patient_id)
            if watched is None or watched.pause is None or watched.pause.until <= now:
                self._paused.discard(patient_id)
                if watched is not None:
                    watched.pause = None
                    self._touch(watched)

    # --- Patients ----------------------------------------------------------------------------------------------------

    def _find(self, patient_id: str) -> Watched | None:
        found = self._watched.get(patient_id)
        if found is None:
            if len(self._watched) >= self._most and not self._make_room():
                if len(self.left_out) < _MOST_NAMED:
                    self.left_out.add(patient_id)
                return None
            self.left_out.discard(patient_id)
            found = self._watched[patient_id] = Watched(patient_id)
        return found

    def _make_room(self) -> bool:
        """Forgets whoever changed last longest ago of those who are not watched any more."""
        if self._shown == len(self._watched):
            return False
        gone = next(each for each, watched in self._watched.items() if not watched.is_shown)
        self.oldest = max(self.oldest, self._watched.pop(gone).changed)
        self._rows.pop(gone, None)
        return True

    def _touch(self, watched: Watched) -> None:
        """Something about a patient has changed."""
        self.seq += 1
        watched.changed = self.seq
        patient_id = watched.patient.patient_id
        self._watched.move_to_end(patient_id)
        self._rows.pop(patient_id, None)
        is_shown = self._is_shown(watched)
        self._shown += is_shown - watched.is_shown
        watched.is_shown = is_shown
        watched.was_shown |= is_shown

    def _is_shown(self, watched: Watched) -> bool:
        """Whether monitoring goes on, or all that is known is that an alert stands."""
        patient = watched.patient
        if patient.newest is None and patient.ended is None:
            return bool(self.alerts.standing(patient.patient_id))
        return patient.is_watched

    def _row(self, watched: Watched) -> Row:
        patient_id = watched.patient.patient_id
        found = self._rows.get(patient_id)
        if found is None:
            standing = self.alerts.standing(patient_id)
            found = self._rows[patient_id] = rows.row(watched, self.alerts.briefs(standing), standing, self._origin)
        return found
