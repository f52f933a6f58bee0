"""`events.jsonl`: one record a line, as on the topic; what can't be read goes too, and becomes a dead letter."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from producers.entry import Entry
from producers.replay.exported import Placed, key_of, read_line
from producers.replay.sketch import Sketch, sketch
from producers.replay.unreadable import UnreadableRecordingError


class UnreadableEventsError(UnreadableRecordingError):
    """The file can't be played; the message says which line and what to do."""


def has_ticks(path: Path) -> bool:
    """Whether the file brings its own clock."""
    return any(b'"Tick"' in line and _is_tick(sketch(line)) for line in _lines(path))


def recordings(path: Path, partitions: int, skipped: Counter[str]) -> Iterator[Entry]:
    """The file's records in its order: a record goes to the partition that it names, or its patient's, or to all."""
    for number, line in enumerate(_lines(path), start=1):
        if line:
            yield from _entries(f"line {number}", line, partitions)
        else:
            skipped["blank-line"] += 1


def with_origin(value: bytes, envelope: Sketch | None) -> bytes:
    """A record that says where it is from: replayed, unless it says something else; other bytes stay as they are."""
    if envelope is None or envelope.type is None or envelope.origin is not None:
        return value
    head, brace, fields = value.partition(b"{")
    return b'%s%s"origin":"replay",%s' % (head, brace, fields)


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            for line in file:
                yield line.removesuffix(b"\n").removesuffix(b"\r")
    except OSError as error:
        raise UnreadableEventsError(f"{path} can't be read ({error.strerror}): give an events.jsonl") from error


def _entries(name: str, line: bytes, partitions: int) -> Iterator[Entry]:
    placed = read_line(line)
    value = line if placed is None else placed.value
    envelope = sketch(value)
    is_tick = _is_tick(envelope)
    for partition in _places(name, placed, envelope is not None and envelope.is_for_all, partitions):
        yield Entry(
            value=with_origin(value, envelope),
            name=name,
            key=key_of(envelope) if placed is None else placed.key,
            at=envelope.moment if envelope else None,
            partition=partition,
            reading_id=expected_id(envelope),
            measurements=len(envelope.measurements) if envelope else 0,
            is_tick=is_tick,
        )


def expected_id(envelope: Sketch | None) -> str | None:
    """The reading id under which an output must come: empty for what can't be read, none where none is promised."""
    if envelope is None:
        return ""
    return envelope.reading_id if envelope.type == "Reading" else None


def _is_tick(envelope: Sketch | None) -> bool:
    return envelope is not None and envelope.type == "Tick"


def _places(name: str, placed: Placed | None, is_for_all: bool, partitions: int) -> list[int | None]:
    if placed is None:
        return list(range(partitions)) if is_for_all else [None]
    if placed.partition >= partitions:
        raise UnreadableEventsError(
            f"{name} is of partition {placed.partition}, but the log has {partitions}: export it with its first fields "
            "taken away to let patients find their places anew"
        )
    return [placed.partition]
