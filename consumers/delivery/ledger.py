"""The delivery log: what was delivered to whom, one record for each alert and receiver."""

from typing import Literal

import msgspec

from models.events import Alert, Instant, Name, Origin, Record, Version
from models.events.vocabulary import VERSION

Result = Literal["delivered", "unreached", "reached"]


class Delivery(Record, frozen=True, kw_only=True):
    """One receiver took one call; or nobody could be reached for an alert, or at last somebody was.

    `subject` is the patient or the gateway, `key` the idempotency key that the receiver got. `seconds` passed between
    the notification in Kafka and this. `receiver` and `key` are empty of a report that nobody or somebody was reached.
    """

    alert_id: Name
    revision: int
    subject: Name
    result: Result
    key: str
    receiver: str
    route: str
    round: int
    step: int
    tries: int
    seconds: float
    at: Instant
    origin: Origin
    v: Version = VERSION


class UnreadableDelivery(Exception):
    """A record on the delivery log that this version can't read."""


_decoder = msgspec.json.Decoder(Delivery)


def decode(value: bytes) -> Delivery:
    """One record of the delivery log; raises UnreadableDelivery."""
    try:
        return _decoder.decode(value)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UnreadableDelivery(str(error)) from error


def about(alert: Alert, result: Result, *, seconds: float, at: Instant) -> Delivery:
    """The record that nobody, or at last somebody, was reached for an alert."""
    return Delivery(
        alert_id=alert.alert_id,
        revision=alert.revision,
        subject=alert.subject,
        result=result,
        key="",
        receiver="",
        route="",
        round=0,
        step=0,
        tries=0,
        seconds=seconds,
        at=at,
        origin=alert.origin,
    )
