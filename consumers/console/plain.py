"""The same in lines, for where there is no terminal."""

from consumers.board import words
from consumers.board.rows import AlertLine


def alert_line(alert: AlertLine) -> str:
    """One alert that someone is told of: when, how urgent, who, why, since when, what clears it."""
    at = alert.notified_at or alert.since
    return (
        f"{at:%Y-%m-%d %H:%M} {words.PRIORITY_MARKS[alert.priority]} {words.PRIORITY_WORDS[alert.priority]} "
        f"{alert.place}: {alert.reason} Since {words.moment(alert.since)}. Clears when: {alert.clears_when}"
    )
