"""The labelled sets of stays that a person gives as DATA:OUTCOMES, opened, checked and counted."""

from collections import Counter
from collections.abc import Sequence
from itertools import chain, combinations
from pathlib import Path

from msgspec import Struct

from producers.replay import physionet2012
from producers.replay.physionet2012.source import Source
from vigil.errors import CommandFailed
from vigil.evaluation.options import Given
from vigil.recording import readable

_NAMED = 5


class StaySet(Struct, frozen=True):
    """One set: where it lies, its stays with their outcomes, and whether it is judged or only learned from."""

    data: Path
    source: Source
    is_judged: bool


def open_sets(
    learn: Sequence[Given], judge: Sequence[Given], limit: int | None, *, asks_of_death: bool = True
) -> list[StaySet]:
    """Opens every set; ends the command where one can't be read or nothing could be said of what it holds."""
    with readable():
        sets = [StaySet(data, _limited(physionet2012.read_source(data, table), limit), False) for data, table in learn]
        sets += [StaySet(data, _limited(physionet2012.read_source(data, table), limit), True) for data, table in judge]
    _insist_on_other_patients(sets)
    for option, is_judged in (("--learn", False), ("--judge", True)):
        _insist_on_outcomes([each for each in sets if each.is_judged == is_judged], option, both=asks_of_death)
    return sets


def counts_of(sets: Sequence[StaySet]) -> Counter[str]:
    """What is in the sets and what is odd in them, by kind; what their readers skip is counted as they are read."""
    counts: Counter[str] = Counter()
    for each in sets:
        source, kind = each.source, "judged" if each.is_judged else "learned"
        counts[f"{kind}-stays"] += len(source.stays)
        counts[f"{kind}-deaths"] += sum(source.died.get(record, False) for record in source.stays)
        counts["outcome-not-told"] += len(source.untold)
        counts["outcome-of-unknown-patient"] += len((source.died.keys() | {*source.untold}) - source.stays.keys())
        for content in source.stays.values():
            counts += _odd_rows(content)
    return +counts


def _odd_rows(content: bytes) -> Counter[str]:
    """Times that go back or repeat in the order of the file: both are read, and told."""
    counts: Counter[str] = Counter()
    seen: set[tuple[str, str]] = set()
    latest = ""
    for line in content.decode().splitlines()[1:]:
        time, _, rest = line.partition(",")
        name = rest.partition(",")[0]
        counts["time-repeats"] += (time, name) in seen
        counts["time-goes-back"] += time < latest
        seen.add((time, name))
        latest = time
    return counts


def _limited(source: Source, limit: int | None) -> Source:
    """The first so many stays, in the order in which they are admitted."""
    if limit is None:
        return source
    stays = dict(list(source.stays.items())[:limit])
    died = {record: died for record, died in source.died.items() if record in stays}
    untold = [record for record in source.untold if record in stays]
    return Source(stays, died, source.outcomes, source.unreadable, untold)


def _insist_on_other_patients(sets: Sequence[StaySet]) -> None:
    for one, other in combinations(sets, 2):
        shared = sorted(one.source.stays.keys() & other.source.stays.keys())
        if shared:
            named = ", ".join(map(str, shared[:_NAMED]))
            raise CommandFailed(
                f"{len(shared)} patients are in {one.data} and in {other.data} ({named} ...): "
                "nobody may be learned from and judged, or be there twice."
            )


def _insist_on_outcomes(sets: Sequence[StaySet], option: str, *, both: bool) -> None:
    told = chain.from_iterable(
        [source.died[record] for record in source.stays if record in source.died]
        for source in (each.source for each in sets)
    )
    found = set(told)
    where = ", ".join(str(each.data) for each in sets)
    if not found:
        raise CommandFailed(f"No stay of {where} has an outcome: give {option} the outcomes of those very stays.")
    if both and len(found) == 1:
        what = "died" if found == {True} else "survived"
        raise CommandFailed(f"Everyone in {where} {what}: {option} needs stays of both kinds.")
