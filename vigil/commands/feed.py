"""Say what would be refused in a feed, and why, without Kafka."""

import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click
import msgspec

from streams.topics import PARTITIONS
from vigil.errors import CommandFailed
from vigil.feed_check import FeedCheck, Finding
from vigil.options import json_option
from vigil.recording import open_recording, readable
from vigil.telling import ProgressBar

_COUNTS = ("records", "ticks", "measurements", "too_large", "suspect", "duplicates", "late", "after_the_end")


@click.group()
def command() -> None:
    """Say what would be refused in a feed, and why, without Kafka.

    \b
    Example:
        vigil feed check events.jsonl
    """


@command.command()
@click.argument("file", type=click.Path(allow_dash=True, path_type=Path))
@click.option(
    "--most", type=click.IntRange(min=0), default=200, show_default=True, help="Tell this many records one by one."
)
@json_option
def check(file: Path, most: int, as_json: bool) -> None:
    """Say what would be refused in my feed, and why, line by line.

    FILE is an events.jsonl, or - for standard input. It is folded as a replay would fold it, with a tick a minute
    unless it brings ticks. Suspect, late and repeated values are told as well; they are used.

    Exit status 0 says: no record would be parked or too large, and no measurement refused.

    \b
    Example:
        vigil feed check events.jsonl
        tail -n 1000 feed.jsonl | vigil feed check - --json
    """
    found, told = FeedCheck(), 0
    with _on_disk(file) as path, tempfile.TemporaryFile() as spooled:
        for told, finding in enumerate(_findings(found, path), start=1):
            if as_json:
                spooled.write((b"," if spooled.tell() else b"") + msgspec.json.encode(finding))
            elif told <= most:
                click.echo("\n".join(f"{_place(finding)}: {said}" for said in _sentences(finding)))
        if as_json:
            _print_json(str(file), found, spooled)
        else:
            if told > most:
                click.echo(f"and {told - most:,} records more, which --json tells")
            click.echo(_summary(found))
    if not found.counts["records"] + found.counts["ticks"]:
        raise CommandFailed(f"{file} holds no record: is it the feed that you mean?")
    if not found.is_clean:
        parked = found.dead_letters.total() + found.counts["too_large"]
        raise CommandFailed(
            f"{parked:,} records would be parked or too large, {found.refused.total():,} values refused."
        )


def _findings(found: FeedCheck, path: Path) -> Iterator[Finding]:
    skipped: Counter[str] = Counter()
    recording = open_recording("events", (path,))
    with readable(), ProgressBar() as progress:
        for number, entry in enumerate(recording.entries(PARTITIONS, skipped)):
            finding = found.look(entry)
            if finding is not None:
                yield finding
            if number % 1000 == 0:
                progress.checking(number)


@contextmanager
def _on_disk(file: Path) -> Iterator[Path]:
    """The file, or what comes on standard input in one: it is read twice."""
    if str(file) != "-":
        yield file
        return
    with tempfile.NamedTemporaryFile(suffix=".jsonl") as kept:
        shutil.copyfileobj(click.get_binary_stream("stdin"), kept)
        kept.flush()
        yield Path(kept.name)


def _place(finding: Finding) -> str:
    return "between lines" if finding.line is None else f"line {finding.line}"


def _sentences(finding: Finding) -> Iterator[str]:
    if finding.too_large:
        yield "too large for its topic, which refuses it"
    if finding.dead_letter is not None:
        yield f"parked as {finding.dead_letter.reason}: {finding.dead_letter.detail}"
    for each in finding.refused:
        it = each.refused
        value = f"{it.value:g}" if isinstance(it.value, float) else json.dumps(it.value)
        yield f"refused {it.code} {value} {it.unit or 'without a unit'} as {it.reason}: {each.why}"
    for flag in finding.suspect:
        yield f"suspect {flag.code} {flag.value}: not what is usual, but it counts"
    if finding.duplicate:
        yield "a duplicate: nothing new in it"
    if finding.late:
        yield "late: it is of a time that has passed already"
    if finding.after_the_end:
        yield "after the patient's discharge, transfer or death: kept as history only"
    for unknown in finding.unknown_fields:
        yield f"no field {unknown.field}: perhaps {unknown.perhaps}?"


def _counts(found: FeedCheck) -> dict[str, object]:
    return {
        **{name: found.counts[name] for name in _COUNTS},
        "dead_letters": dict(found.dead_letters),
        "refused": dict(found.refused),
        "unknown_fields": dict(found.unknown_fields),
    }


def _print_json(name: str, found: FeedCheck, spooled: IO[bytes]) -> None:
    out = click.get_binary_stream("stdout")
    out.write(b'{"file":%s,"lines":[' % msgspec.json.encode(name))
    spooled.seek(0)
    shutil.copyfileobj(spooled, out)
    out.write(b'],"counts":%s}\n' % msgspec.json.encode(_counts(found)))
    out.flush()


def _summary(found: FeedCheck) -> str:
    counts = found.counts
    rows = [
        (
            "checked",
            f"{counts['records']:,} records ({counts['measurements']:,} measurements), {counts['ticks']:,} ticks",
        ),
        ("parked", _by_kind(found.dead_letters)),
        ("too large", f"{counts['too_large']:,}"),
        ("refused", _by_kind(found.refused)),
        ("suspect", f"{counts['suspect']:,}"),
        ("duplicates", f"{counts['duplicates']:,}"),
        ("late", f"{counts['late']:,}"),
        ("after the end", f"{counts['after_the_end']:,}"),
        ("unknown fields", _by_kind(found.unknown_fields)),
    ]
    return "\n".join(f"{what:<15} {told}" for what, told in rows)


def _by_kind(counts: Counter[str]) -> str:
    return ", ".join(f"{kind} {count:,}" for kind, count in counts.most_common()) or "none"
