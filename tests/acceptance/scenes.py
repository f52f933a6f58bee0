"""What several stories of alerts begin with or come back to."""

from datetime import datetime, timedelta
from typing import Any

from models.events import Alert

PRESSURE = "8480-6"
HEART = "8867-4"
GLUCOSE = "2339-0"
MORNING = "03:00:00"


def pressure_alert(ward: Any, at: str | datetime = MORNING, **signs: Any) -> Alert:
    """A medium limit alert, notified 5 s later, of a sign that gives no points."""
    at = ward.time(at)
    ward.tick(at)
    ward.observe("p1", at, **{"SBP": 165, **signs})
    ward.tick(at + timedelta(seconds=5))
    found: Alert = ward.alert(kind="limit", code=PRESSURE, state="active")
    return found


def pressure_alert_of_an_adult(ward: Any) -> Alert:
    """The same of an adult of whom all is known that is not measured."""
    ward.adult("p1")
    return pressure_alert(ward)


def back_to_normal(ward: Any, at: str | datetime) -> None:
    """The pressure is well again."""
    ward.observe("p1", at, SBP=120)


def glucose(ward: Any, at: str | datetime, value: float) -> None:
    """A finger is pricked."""
    ward.tick(at)
    ward.typed("fingerstick", "p1", at, GLUCOSE=value)


def stream_goes_out(ward: Any, sign: str, usual: float, outside: float) -> None:
    """A stream that was out of its limit for 15 s from 03:01:05 on."""
    ward.stream("p1", "03:00:00", "03:01:00", **{sign: usual})
    ward.stream("p1", "03:01:05", "03:01:20", **{sign: outside})
