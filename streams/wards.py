"""Wards as labels of metrics: few, whatever a feed writes."""

from collections.abc import Callable

MOST_WARDS = 50
_LONGEST_NAME = 64
_UNKNOWN = "unknown"
_OTHER = "other"


class WardLabels:
    """Gives each of the first 50 wards its own label; a later one, or one with a name over 64 characters, is `other`.

    A ward keeps its label for the life of the process, as a counter keeps its series. `begin` hears of each new label.
    """

    def __init__(self, begin: Callable[[str], None]) -> None:
        self._known: set[str] = set()
        self._begin = begin

    def label(self, ward: str | None) -> str:
        """The label of a ward; `unknown` where nobody told it."""
        label = self._label(ward)
        if label not in self._known:
            self._known.add(label)
            self._begin(label)
        return label

    def _label(self, ward: str | None) -> str:
        if ward is None or not ward.strip():
            return _UNKNOWN
        if ward in self._known:
            return ward
        has_room = len(self._known - {_UNKNOWN, _OTHER}) < MOST_WARDS
        return ward if has_room and len(ward) <= _LONGEST_NAME else _OTHER
