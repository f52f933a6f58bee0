"""Names out of a feed as labels of metrics: few, whatever a feed writes."""

from collections.abc import Callable

MOST_WARDS = 50
MOST_GATEWAYS = 50
_LONGEST_NAME = 64
_UNKNOWN = "unknown"
_OTHER = "other"


class BoundedLabels:
    """Gives each of the first `most` names its own label; a later one, or one of over 64 characters, is `other`.

    A name keeps its label for the life of the process, as a counter keeps its series. `begin` hears of each new label.
    """

    def __init__(self, most: int, begin: Callable[[str], None]) -> None:
        self._known: set[str] = set()
        self._most = most
        self._begin = begin

    def label(self, name: str | None) -> str:
        """The label of a name; `unknown` where nobody told it."""
        label = self._label(name)
        if label not in self._known:
            self._known.add(label)
            self._begin(label)
        return label

    def _label(self, name: str | None) -> str:
        if name is None or not name.strip():
            return _UNKNOWN
        if name in self._known:
            return name
        has_room = len(self._known - {_UNKNOWN, _OTHER}) < self._most
        return name if has_room and len(name) <= _LONGEST_NAME else _OTHER
