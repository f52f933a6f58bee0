"""Values that a person enters: published as one reading, and what the workers make of it heard."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from aiokafka.errors import KafkaError
from msgspec import Struct

from consumers.answers.desk import Desk, Parked
from consumers.answers.log_time import NoTime, now_of
from consumers.hand_entry import CLOCKS_DIFFER, VITALS, NotBelievedError, reading_of, said
from consumers.ward.views.wishes import HandEntered, HandEntry
from models import codec
from models.events import Assessment, DeadLetter, Instant, Measurement, Reading


class NotEntered(Exception):
    """What was entered can't be taken, for the field named; nothing was published."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(detail)
        self.field = field


class _Awaited(Struct, frozen=True):
    value: bytes
    heard: asyncio.Future[Assessment | DeadLetter]


class Entries:
    """Publishes readings by hand at the desk, and is told all assessments and dead letters."""

    def __init__(self, client: Mapping[str, Any]) -> None:
        self._client = client
        self._awaited: dict[str, _Awaited] = {}

    async def enter(self, entry: HandEntry, patient_id: str, desk: Desk, seconds: float) -> HandEntered:
        """Publishes what was entered and waits for its assessment.

        Raises NotEntered, NoTime, NotPublished, Parked, and `codec.Undecodable` for what no worker could read.
        """
        deadline = asyncio.get_running_loop().time() + seconds
        measurements = _measurements(entry)
        now = await self._now(desk, patient_id, deadline)
        reading = reading_of(patient_id, _name(entry.by), measurements, _time(entry.at, now), now)
        told = await self._publish(reading, desk, deadline)
        if isinstance(told, DeadLetter):
            raise Parked(f"{told.reason}: {told.detail}")
        return HandEntered(
            reading_id=reading.reading_id, assessed=told is not None, said=[said(each) for each in measurements]
        )

    def hear(self, told: Assessment | DeadLetter) -> None:
        """Hands over what somebody waits for."""
        if not self._awaited:
            return
        if isinstance(told, Assessment):
            found = self._awaited.get(told.reading_id or "")
        else:
            found = next((each for each in self._awaited.values() if each.value == told.value), None)
        if found is not None and not found.heard.done():
            found.heard.set_result(told)

    async def _publish(self, reading: Reading, desk: Desk, deadline: float) -> Assessment | DeadLetter | None:
        loop = asyncio.get_running_loop()
        awaited = self._awaited[reading.reading_id] = _Awaited(codec.encode(reading), loop.create_future())
        try:
            await desk.publish(reading.patient_id, awaited.value, deadline)
            async with asyncio.timeout_at(deadline):
                return await awaited.heard
        except TimeoutError:
            return None
        finally:
            del self._awaited[reading.reading_id]

    async def _now(self, desk: Desk, patient_id: str, deadline: float) -> datetime:
        try:
            async with asyncio.timeout_at(deadline):
                return await now_of(self._client, desk.topics, desk.partition(patient_id))
        except (KafkaError, TimeoutError) as error:
            raise NoTime(f"Kafka does not tell the time of its log ({type(error).__name__})") from error


def _measurements(entry: HandEntry) -> list[Measurement]:
    found: list[Measurement] = []
    for name, text in entry.values.items():
        if name not in VITALS:
            raise NotEntered(name, f"{name} can't be entered: there are {', '.join(VITALS)}")
        found += _read(name, VITALS[name].read, text)
    if not found:
        raise NotEntered("values", "nothing was entered")
    return found


def _read(name: str, read: Callable[[str], list[Measurement]], text: str) -> list[Measurement]:
    """What was typed; an empty text was not measured."""
    try:
        return read(text) if text.strip() else []
    except NotBelievedError as error:
        raise NotEntered(name, str(error)) from error


def _name(by: str) -> str:
    if not by.strip() or not by.isprintable():
        raise NotEntered("by", "say in one line who measured, or enters it")
    return by


def _time(text: str | None, now: datetime) -> datetime:
    if text is None:
        return now
    try:
        at: datetime = msgspec.convert(text, Instant).astimezone(UTC)
    except (msgspec.ValidationError, OverflowError) as error:
        raise NotEntered("at", f"{text!r} is no time with its time zone, as in 2026-11-21T03:00:00Z") from error
    if at > now + CLOCKS_DIFFER:
        raise NotEntered("at", f"{at.isoformat()} is still to come: say when it was measured")
    return at
