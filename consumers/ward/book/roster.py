"""Whom the ward page keeps, in the order in which they last changed."""

from collections import OrderedDict
from collections.abc import Iterator

from consumers.ward.book.watched import Watched

_MOST_NAMED = 100_000


class Roster:
    """Keeps at most `most` patients: for a new one the patient goes who is not shown, and has not been for longest.

    Where all are shown, the new one is `left_out`. `seq` counts whatever makes a difference on the page.
    """

    def __init__(self, *, most: int) -> None:
        self.seq = 0
        self.oldest = 0
        """Whoever was last told of an earlier count has missed what can't be told again."""
        self.shown = 0
        self.left_out: set[str] = set()
        """Whom there was no room for."""
        self._most = most
        self._watched: OrderedDict[str, Watched] = OrderedDict()

    def find(self, patient_id: str) -> Watched | None:
        """A patient who is kept."""
        return self._watched.get(patient_id)

    def admit(self, patient_id: str) -> Watched | None:
        """A patient who is kept from now on, if not before; none where there is no room."""
        found = self._watched.get(patient_id)
        if found is None:
            if len(self._watched) >= self._most and not self._make_room():
                if len(self.left_out) < _MOST_NAMED:
                    self.left_out.add(patient_id)
                return None
            self.left_out.discard(patient_id)
            found = self._watched[patient_id] = Watched(patient_id)
            self._watched.move_to_end(patient_id, last=False)  # Nothing has changed by it yet.
        return found

    def count(self) -> None:
        """Something has changed that is of no patient."""
        self.seq += 1

    def note(self, watched: Watched, *, is_shown: bool) -> None:
        """Something about a patient has changed."""
        self.seq += 1
        watched.changed = self.seq
        self._watched.move_to_end(watched.patient.patient_id)
        self.shown += is_shown - watched.is_shown
        watched.is_shown = is_shown
        watched.was_shown |= is_shown

    def all_shown(self) -> list[Watched]:
        """Those who are shown, the longest unchanged first."""
        return [watched for watched in self._watched.values() if watched.is_shown]

    def changed(self, since: int) -> Iterator[Watched]:
        """Those who have changed since a count, the newest change first."""
        for watched in reversed(self._watched.values()):
            if watched.changed <= since:
                return
            yield watched

    def _make_room(self) -> bool:
        if self.shown == len(self._watched):
            return False
        gone = next(each for each, watched in self._watched.items() if not watched.is_shown)
        self.oldest = max(self.oldest, self._watched.pop(gone).changed)
        return True
