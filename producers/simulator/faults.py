"""What goes wrong between a body and the log: sensors that lie or fall silent, and deliveries that go astray."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random

from msgspec import structs

from models.events import GatewayHeartbeat, Measurement, Reading

_DRAINING = 0.05  # How many seconds it takes to send what was held back for a minute.

SensorFault = Callable[[float, list[Measurement]], list[Measurement]]
"""What a monitor tells in place of its measurements, so many minutes after the onset; nothing: no reading."""

Sent = Reading | GatewayHeartbeat
"""What goes through a gateway, and what it says itself."""

Delivery = tuple[float, Sent]
"""What was sent and how many seconds it is under way."""

DeliveryFault = Callable[[float, Delivery], Iterator[Delivery]]
"""What becomes of one delivery, so many minutes after the onset: none, one or more; time may only be added."""


def falls_off(zero_minutes: float, gone_minutes: float) -> SensorFault:
    """A sensor that reads 0 while it hangs loose, then nothing until it is put back."""

    def tell(minutes: float, measurements: list[Measurement]) -> list[Measurement]:
        if minutes >= gone_minutes:
            return measurements
        return _all(measurements, 0) if minutes < zero_minutes else []

    return tell


def is_stuck(until_minutes: float) -> SensorFault:
    """A sensor that tells its last values again and again: a flat line."""
    last: list[Measurement] = []

    def tell(minutes: float, measurements: list[Measurement]) -> list[Measurement]:
        if minutes >= until_minutes:
            return measurements
        if not last:
            last.extend(measurements)
        return list(last)

    return tell


def reads_off_by(code: str, offset: int, until_minutes: float) -> SensorFault:
    """A sensor that tells all values of one code too high, or too low, by the same amount, and never below 0."""

    def tell(minutes: float, measurements: list[Measurement]) -> list[Measurement]:
        if minutes >= until_minutes:
            return measurements
        return [_moved(each, offset) if each.code == code else each for each in measurements]

    return tell


def tells_sentinels(until_minutes: float, chance: Random) -> SensorFault:
    """A sensor that has no value and says so by a number that is none."""

    def tell(minutes: float, measurements: list[Measurement]) -> list[Measurement]:
        if minutes >= until_minutes:
            return measurements
        return _all(measurements, chance.choice((-100, -999, 32767)))

    return tell


def runs_ahead(by: timedelta, until_minutes: float) -> DeliveryFault:
    """A device whose clock is ahead."""

    def deliver(minutes: float, delivery: Delivery) -> Iterator[Delivery]:
        seconds, told = delivery
        if minutes < until_minutes and isinstance(told, Reading) and told.device_type == "monitor":
            told = structs.replace(told, effective_at=told.effective_at + by)
        yield seconds, told

    return deliver


def is_held_back(until_minutes: float) -> DeliveryFault:
    """A link that is down: what was measured meanwhile comes in one go when it is up again, in its order."""

    def deliver(minutes: float, delivery: Delivery) -> Iterator[Delivery]:
        seconds, reading = delivery
        is_down = minutes < until_minutes
        held = 60 * (until_minutes - minutes) + _DRAINING * minutes  # What was measured first comes first.
        yield held if is_down else seconds, reading

    return deliver


def overtakes(share: float, by_seconds: float, until_minutes: float, chance: Random) -> DeliveryFault:
    """A network on which some readings take a detour, so that later ones come first."""

    def deliver(minutes: float, delivery: Delivery) -> Iterator[Delivery]:
        seconds, reading = delivery
        is_overtaken = minutes < until_minutes and chance.random() < share
        yield seconds + by_seconds * is_overtaken, reading

    return deliver


def comes_again(share: float, until_minutes: float, chance: Random) -> DeliveryFault:
    """A gateway that sends again what it was not told to have arrived: the same reading, or the same under a new id."""

    def deliver(minutes: float, delivery: Delivery) -> Iterator[Delivery]:
        yield delivery
        if minutes < until_minutes and chance.random() < share:
            seconds, told = delivery
            if chance.random() < 0.5 and isinstance(told, Reading):
                told = structs.replace(told, reading_id=f"{told.reading_id}-again")
            yield seconds + chance.uniform(1, 4), told

    return deliver


def is_lost(until_minutes: float) -> DeliveryFault:
    """A gateway that is off: what was measured meanwhile never comes."""

    def deliver(minutes: float, delivery: Delivery) -> Iterator[Delivery]:
        if minutes >= until_minutes:
            yield delivery

    return deliver


def _moved(measurement: Measurement, offset: int) -> Measurement:
    assert isinstance(measurement.value, int | float)
    return structs.replace(measurement, value=max(0, measurement.value + offset))


def _all(measurements: list[Measurement], value: int) -> list[Measurement]:
    return [structs.replace(measurement, value=value) for measurement in measurements]
