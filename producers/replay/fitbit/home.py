"""People at home with a watch: who they are, one Reading a row, the day when symptoms began, the end."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from heapq import merge
from itertools import islice
from operator import itemgetter

from models import codec
from models.events import Measurement, Outcome, OutcomeKind, PatientContext, Reading
from producers.entry import Entry
from producers.replay.fitbit.delivery import delivered
from producers.replay.fitbit.source import Column, Person, Source
from producers.replay.table import Table

_MEASURED: dict[Column, tuple[str, str]] = {"heartrate": ("8867-4", "/min"), "steps": ("55423-8", "{steps}")}

Received = tuple[datetime, Entry]


def recordings(source: Source, skipped: Counter[str], limit: int | None = None) -> Iterator[Entry]:
    """Every record of the first so many people, in the order in which it was received; a row of each is held."""
    lives = (_life(person, skipped) for person in islice(source.people, limit))
    yield from (entry for _, entry in merge(*lives, key=itemgetter(0)))


def _life(person: Person, skipped: Counter[str]) -> Iterator[Received]:
    tables = (_readings(person.user, column, table, skipped) for column, table in person.tables.items())
    onset, last = person.onset, None
    for at, reading in merge(*tables, key=itemgetter(0)):
        if last is None:
            yield at, _begin(person.user, at)
        if onset is not None and at >= onset:
            yield at, _outcome(person.user, onset, at, "deterioration")
            onset = None
        yield at, reading
        last = at
    if last is not None:
        yield last, _outcome(person.user, last, last, "discharge")
    if onset is not None:
        skipped["onset-after-the-end"] += 1


def _readings(user: str, column: Column, table: Table, skipped: Counter[str]) -> Iterator[Received]:
    code, unit = _MEASURED[column]
    for received, row in delivered(table, column, skipped):
        reading = Reading(
            reading_id=f"{user}-{column}-{row.number}",
            patient_id=user,
            device_id=f"{user}-watch",
            device_type="wearable",
            gateway_id="replay",
            effective_at=row.at,
            received_at=received,
            measurements=[Measurement(code=code, value=row.value, unit=unit)],
            origin="replay",
        )
        value, reading_id = codec.encode(reading), reading.reading_id
        yield received, Entry(value, reading_id, user.encode(), received, None, reading_id, 1)


def _begin(user: str, at: datetime) -> Entry:
    context = PatientContext(patient_id=user, effective_at=at, setting="home", origin="replay")
    return Entry(codec.encode(context), f"begin of {user}", user.encode(), at)


def _outcome(user: str, at: datetime, received: datetime, kind: OutcomeKind) -> Entry:
    outcome = Outcome(patient_id=user, at=at, kind=kind, origin="replay")
    return Entry(codec.encode(outcome), f"{kind} of {user}", user.encode(), received)
