"""The alerts that called somebody, each with a number, so that a page that was away can tell what it missed."""

import heapq
from collections import deque

from consumers.ward.views.ward import AlertBrief, Call
from models.events import Alert

MOST = 200
"""So many are kept, the newest."""


class Calls:
    """Keeps the newest calls; `forgotten` is the count of the book at the newest call that it no longer keeps."""

    def __init__(self) -> None:
        self.forgotten = 0
        self._kept: deque[tuple[int, Call]] = deque()
        self._number = 0
        self._before: list[tuple[float, int, Alert, AlertBrief]] | None = []

    def take(self, alert: Alert, brief: AlertBrief, seq: int) -> None:
        """Takes a notified revision; what is of the past is kept until all of that is read."""
        if self._before is None:
            self._keep(alert, brief, seq)
            return
        self._number += 1
        entry = (alert.at.timestamp(), self._number, alert, brief)
        (heapq.heappush if len(self._before) < MOST else heapq.heappushpop)(self._before, entry)

    def begin(self, seq: int) -> None:
        """Numbers what called somebody in the past, by its time; from here on each is numbered as it comes."""
        before, self._before, self._number = sorted(self._before or []), None, 0
        for _, _, alert, brief in before:
            self._keep(alert, brief, seq)

    def since(self, seq: int) -> list[Call]:
        """Those that came after that count, the oldest first."""
        newer = []
        for came, call in reversed(self._kept):
            if came <= seq:
                break
            newer.append(call)
        return newer[::-1]

    def _keep(self, alert: Alert, brief: AlertBrief, seq: int) -> None:
        self._number += 1
        call = Call(
            number=self._number,
            patient_id=alert.patient_id,
            gateway_id=alert.gateway_id,
            ward=alert.ward,
            bed=alert.bed,
            at=alert.at.timestamp(),
            alert=brief,
        )
        self._kept.append((seq, call))
        if len(self._kept) > MOST:
            self.forgotten, _ = self._kept.popleft()
