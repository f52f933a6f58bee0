"""Wards as labels of metrics: few, whatever a feed writes."""

MOST_WARDS = 50
_LONGEST_NAME = 64


class WardLabels:
    """Gives each of the first 50 wards its own label; a later one, or one with a name over 64 characters, is `other`.

    A ward keeps its label for the life of the process, as a counter keeps its series.
    """

    def __init__(self) -> None:
        self._known: set[str] = set()

    def label(self, ward: str | None) -> str:
        """The label of a ward; `unknown` where nobody told it."""
        if ward is None or not ward.strip():
            return "unknown"
        if ward not in self._known:
            if len(self._known) >= MOST_WARDS or len(ward) > _LONGEST_NAME:
                return "other"
            self._known.add(ward)
        return ward
