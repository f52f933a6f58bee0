"""What is said of an alert that others may read: no measurement, no patient; only where, what and how urgent."""

from datetime import timedelta

from models.events import Alert, AlertKind, Priority
from models.vital_signs import SIGNS

PRIORITY_WORDS: dict[Priority, str] = {"low": "Low", "medium": "MEDIUM", "high": "HIGH"}
_WITHOUT_SIGN: dict[AlertKind, str] = {
    "news2": "early warning score",
    "risk": "risk of deterioration",
    "no-data": "no data from a device",
    "gateway": "no sign of life from a gateway",
    "delivery": "nobody could be told of an alert",
}
_OF_A_SIGN: dict[AlertKind, str] = {
    "zero": "{sign}: arrest or sensor off",
    "anomaly": "{sign} unusually {direction} for this patient",
    "limit": "{sign} too {direction}",
}
_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)


def subject(alert: Alert) -> str:
    """What it is about: "heart rate too high", "early warning score"."""
    if alert.kind in _WITHOUT_SIGN:
        return _WITHOUT_SIGN[alert.kind]
    sign = SIGNS.get(alert.code or "")
    words = _OF_A_SIGN.get(alert.kind, "{sign}")
    return words.format(
        sign=sign.title if sign is not None else "a vital sign", direction=alert.direction or "different"
    )


def place(alert: Alert) -> str:
    """Where: "A1 bed 7"; a place that nobody told is said to be unknown."""
    told = [alert.ward or "", f"bed {alert.bed}" if alert.bed else ""]
    return " ".join(part for part in told if part) or "place unknown"


def age(passed: timedelta) -> str:
    """How long ago, in words: "40 s", "14 min", "3 h 5 min"."""
    passed = max(passed, timedelta(0))
    if passed < _MINUTE:
        return f"{passed // timedelta(seconds=1)} s"
    if passed < 2 * _HOUR:
        return f"{passed // _MINUTE} min"
    return f"{passed // _HOUR} h {passed % _HOUR // _MINUTE} min"
