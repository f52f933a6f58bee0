"""What a visitor can do to a simulated ward while it is watched: let a patient fall ill, answer an alert."""

import time
from collections.abc import Callable

from consumers.board import AlertLine, Board
from consumers.ward.scenarios import ScenarioRefused
from models import codec
from models.events import Acknowledgement
from producers.entry import Entry
from vigil.demo.choice import Choice
from vigil.demo.scenarios import Scenarios

_SAID_SECONDS = 8.0
_START, _ACKNOWLEDGE = "s", "a"
_UNANSWERED = frozenset({"active", "latched"})
_HINTS = ("s starts a scenario", "a acknowledges the newest alert")


class Controls:
    """Turns keys into what happens; `publish` puts a record on the log as soon as it can."""

    hints = _HINTS

    def __init__(self, scenarios: Scenarios, board: Board, publish: Callable[[Entry], None]) -> None:
        self._scenarios = scenarios
        self._board = board
        self._publish = publish
        self._choice = Choice([each.name for each in scenarios.list()])
        self._said: tuple[float, str] | None = None

    @property
    def choice(self) -> tuple[str, ...] | None:
        """The line of the choice, while it is open."""
        return self._choice.parts if self._choice.is_open else None

    @property
    def remark(self) -> str | None:
        """What came of the last key, for some seconds."""
        if self._said is None or time.monotonic() - self._said[0] > _SAID_SECONDS:
            return None
        return self._said[1]

    def press(self, key: str) -> None:
        """Takes one key."""
        if self._choice.is_open:
            wish = self._choice.take(key)
            if wish is not None:
                self._say(self._start(*wish))
        elif key == _START:
            self._choice.open()
        elif key == _ACKNOWLEDGE:
            self._say(self._acknowledge())

    def _start(self, scenario: str, who: str) -> str:
        try:
            begun = self._scenarios.begin(scenario, self._patient(who))
        except ScenarioRefused as refused:
            return str(refused)
        return f"{begun.name} begins in {self._board.place(begun.patient_id)}."

    def _patient(self, who: str) -> str | None:
        """Whoever lies in a bed or has that name; nobody in particular where none is named."""
        return next((row.patient_id for row in self._board.ranked() if row.place.lower() == who.lower()), who or None)

    def _acknowledge(self) -> str:
        """Answers the newest alert that nobody has answered, and whatever else is open for the same patient."""
        newest = next((alert for alert in self._board.newest_alerts() if alert.state in _UNANSWERED), None)
        if newest is None:
            return "There is no alert to acknowledge."
        rows = [row for row in self._board.ranked() if row.patient_id == newest.patient_id]
        others = [alert for row in rows for alert in row.alerts if alert.alert_id != newest.alert_id]
        unanswered = [newest, *(alert for alert in others if alert.state in _UNANSWERED)]
        for alert in unanswered:
            self._answer(alert)
        more = f" and {len(unanswered) - 1} more" if len(unanswered) > 1 else ""
        return f"You acknowledge {newest.title}{more} of {newest.place}."

    def _answer(self, alert: AlertLine) -> None:
        seen = Acknowledgement(
            patient_id=alert.patient_id if alert.gateway_id is None else None,
            gateway_id=alert.gateway_id,
            alert_id=alert.alert_id,
            revision=alert.revision,
            at=self._board.now or alert.since,
            by="visitor",
            origin="simulated",
        )
        self._publish(Entry(codec.encode(seen), "acknowledgement", alert.patient_id.encode(), seen.at))

    def _say(self, said: str) -> None:
        self._said = time.monotonic(), said
