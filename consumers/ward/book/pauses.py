"""Pauses and what the workers said of them, which come on different topics, in either order."""

from collections import OrderedDict

from models.events import AnswerResult, Pause

Place = tuple[int, int]
_MOST = 1_000


class Pauses:
    """Brings together a pause on the log and its result, by its place: partition and offset."""

    def __init__(self) -> None:
        self._asked: OrderedDict[Place, Pause] = OrderedDict()
        self._accepted: OrderedDict[Place, None] = OrderedDict()

    def ask(self, pause: Pause, place: Place) -> Pause | None:
        """Takes a pause, and gives it back if the workers have accepted it."""
        if place in self._accepted:
            del self._accepted[place]
            return pause
        self._asked[place] = pause
        if len(self._asked) > _MOST:
            self._asked.popitem(last=False)
        return None

    def accept(self, result: AnswerResult) -> Pause | None:
        """Takes the result of a pause, and gives the pause that it accepts, if that is known by now."""
        place = result.partition, result.offset
        asked = self._asked.pop(place, None)
        if asked is not None:
            return asked if result.accepted else None
        if result.accepted:
            self._accepted[place] = None
            if len(self._accepted) > _MOST:
                self._accepted.popitem(last=False)
        return None
