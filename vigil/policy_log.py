"""The policies on a log: what is in force by what was told, telling another, and hearing what became of it."""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import chain
from typing import Any

from msgspec import Struct, structs

from models import codec
from models.alerting.answering import NotAccepted
from models.alerting.policy_book import PolicyBook, Told
from models.events import AnswerResult, Origin, Policy, PolicyChanged
from models.partitioning import partition_of
from streams.topics import PARTITIONS, topic_name
from vigil.hearing import Hearing
from vigil.log_reader import read_topics
from vigil.log_writer import write


class Change(Struct, frozen=True, kw_only=True):
    """One scope's policy that is to be told; `policy` of None takes back what it told before."""

    scope: str
    name: str | None
    version: str
    policy: Policy | None


def read_policies(client: Mapping[str, Any], prefix: str) -> PolicyBook:
    """What is in force by all that a log tells."""
    told: list[list[bytes]] = [[] for _ in range(PARTITIONS)]
    for records in read_topics(client, [topic_name(prefix, "patient-events")]):
        for record in records:
            if record.value is not None and b'"PolicyChanged"' in record.value:
                told[record.partition].append(record.value)
    book = PolicyBook()
    for value in chain.from_iterable(told):
        _take(book, value)
    return book


def changes(wanted: PolicyBook, present: PolicyBook) -> Iterator[Change]:
    """What must be told so that a file's policies are in force.

    Site and wards become what the file says; of patients only those that it names change.
    """
    if wanted.site is not None or present.site is not None:
        yield from _change("site", None, wanted.site, present.site)
    for ward in sorted(wanted.wards.keys() | present.wards.keys()):
        yield from _change("ward", ward, wanted.wards.get(ward), present.wards.get(ward))
    for patient_id, told in sorted(wanted.patients.items()):
        yield from _change("patient", patient_id, told, present.patients.get(patient_id))


def tell(
    client: Mapping[str, Any],
    prefix: str,
    told: Iterable[Change],
    *,
    at: datetime,
    by: str,
    reason: str,
    origin: Origin,
    seconds: float,
) -> tuple[list[AnswerResult], int]:
    """Publishes changes, and gives what the workers make of them in that time, and how many results should have come.

    That of the site or a ward is told to each partition, and has a result from each.
    """
    with Hearing(client, prefix, ["answers"], range(PARTITIONS)) as hearing:
        events = [_event(change, at, by, reason, origin) for change in told]
        placed = [(partition, event) for event in events for partition in _partitions(event)]
        write(client, prefix, ((partition, _key(event), codec.encode(event)) for partition, event in placed))
        expected = {(event.request_id or "", partition) for partition, event in placed}
        return _results(hearing, expected, seconds), len(expected)


def _results(hearing: Hearing, expected: set[tuple[str, int]], seconds: float) -> list[AnswerResult]:
    """The results of requests by partition, as they come, until all are there or the time is up."""
    found: list[AnswerResult] = []
    for told in hearing.heard(seconds) if expected else ():
        if isinstance(told, AnswerResult) and (told.request_id or "", told.partition) in expected:
            found.append(told)
        if len(found) == len(expected):
            break
    return found


def _take(book: PolicyBook, value: bytes) -> None:
    """Takes one record as a worker does; what is refused there changes nothing here."""
    try:
        event = codec.decode(value)
        if isinstance(event, PolicyChanged):
            book.change(event)
    except (codec.Undecodable, NotAccepted):
        return


def _change(scope: str, name: str | None, wanted: Told | None, present: Told | None) -> Iterator[Change]:
    if wanted is not None and wanted != present:
        yield Change(scope=scope, name=name, version=wanted.version, policy=wanted.policy)
    elif wanted is None and present is not None:
        yield Change(scope=scope, name=name, version=present.version, policy=None)


def _event(change: Change, at: datetime, by: str, reason: str, origin: Origin) -> PolicyChanged:
    event = PolicyChanged(
        scope=change.scope,  # type: ignore[arg-type]  # `changes` names no other
        version=change.version,
        at=at,
        by=by,
        reason=reason,
        policy=change.policy,
        request_id=uuid.uuid4().hex,
        origin=origin,
    )
    return event if change.scope == "site" else structs.replace(event, **_whom(change))


def _whom(change: Change) -> dict[str, str | None]:
    return {"ward": change.name} if change.scope == "ward" else {"patient_id": change.name}


def _key(event: PolicyChanged) -> bytes | None:
    return None if event.patient_id is None else event.patient_id.encode()


def _partitions(event: PolicyChanged) -> list[int]:
    return list(range(PARTITIONS)) if event.patient_id is None else [partition_of(event.patient_id, PARTITIONS)]
