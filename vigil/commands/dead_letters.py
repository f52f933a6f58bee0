"""List records that could not be used, and put them on the log again."""

import json
import shutil
import sys
from datetime import UTC, datetime
from typing import get_args

import click

from models.events import DeadLetterReason
from producers.feed import Feed
from streams.settings import Connection
from streams.topics import existing_topics, topic_name
from vigil.connection import connect, told_in_one_line
from vigil.dead_letters import Letter, Selection, read_letters, replayed_places
from vigil.errors import CommandFailed
from vigil.options import broker_option, json_option, prefix_option

_PREVIEW_BYTES = 60

_reason_option = click.option(
    "--reason", "reasons", multiple=True, type=click.Choice(get_args(DeadLetterReason)), help="Only these; repeatable."
)
_partition_option = click.option("--partition", type=click.IntRange(min=0), help="Only those of this partition.")
_offset_option = click.option("--offset", type=click.IntRange(min=0), help="Only the one that stood at this offset.")


@click.group()
def command() -> None:
    """List records that could not be used, and put them on the log again.

    \b
    Example:
        vigil dead-letters list --reason undecodable
    """


@command.command("list")
@_reason_option
@_partition_option
@_offset_option
@prefix_option
@broker_option
@json_option
def list_(
    reasons: tuple[str, ...], partition: int | None, offset: int | None, prefix: str, broker: str | None, as_json: bool
) -> None:
    """List dead letters: reason, where on the log the record stood, when it was parked, the detail, how it begins.

    Two lines each, on a terminal cut to its width. With --json everything is told, key and value in base64.

    \b
    Example:
        vigil dead-letters list --prefix live --reason invalid --json
    """
    letters = _selected(connect(broker), prefix, Selection(frozenset(reasons), partition, offset))
    if as_json:
        click.echo(json.dumps({"prefix": prefix, "dead_letters": [letter.told() for letter in letters]}))
        return
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    for letter in letters:
        for line in _lines(letter):
            click.echo(line[:width])
    click.echo(f"{len(letters):,} dead letters.")


@command.command()
@_reason_option
@_partition_option
@_offset_option
@click.option(
    "--again", is_flag=True, help="Also those that were put on the log again before, and what became of them."
)
@prefix_option
@broker_option
@json_option
def replay(
    reasons: tuple[str, ...],
    partition: int | None,
    offset: int | None,
    again: bool,
    prefix: str,
    broker: str | None,
    as_json: bool,
) -> None:
    """Publish the original bytes of dead letters to the log again, each to its own partition and with its own key.

    Each goes once: the log keeps a note of where it stood, and a second replay passes over it unless --again is given.
    What still can't be used becomes a dead letter of its new place, which is passed over as well.

    \b
    Example:
        vigil dead-letters replay --prefix live --reason fold-failed
    """
    connection = connect(broker)
    letters = _selected(connection, prefix, Selection(frozenset(reasons), partition, offset))
    with told_in_one_line():
        before = frozenset() if again else replayed_places(connection.for_aiokafka(), prefix)
        due = [letter for letter in letters if letter.place not in before]
        with Feed(topic_name(prefix, "patient-events"), connection.for_kafka_python()) as feed:
            for letter in due:
                feed.publish(letter.again())
    told = {"prefix": prefix, "selected": len(letters), "replayed": feed.published, "before": len(letters) - len(due)}
    line = "{replayed} of {selected} put on {prefix} again; {before} were before, which --again would repeat."
    click.echo(json.dumps(told) if as_json else line.format(**told))
    if feed.refused:
        first = feed.refused[0]
        raise CommandFailed(
            f"{len(feed.refused)} were refused by the broker; the first, {first.name}, is {first.reason}."
        )


def _selected(connection: Connection, prefix: str, selection: Selection) -> list[Letter]:
    topic = topic_name(prefix, "dead-letters")
    with told_in_one_line():
        if topic not in existing_topics(connection.for_kafka_python(), prefix):
            raise CommandFailed(f"There is no topic {topic}: see `vigil topics list`.")
        return read_letters(connection.for_aiokafka(), prefix, selection)


def _lines(letter: Letter) -> tuple[str, str]:
    at = datetime.fromtimestamp(letter.written_at / 1000, UTC).isoformat(timespec="seconds")
    detail = " ".join(letter.detail.split())
    return f"{letter.reason}: {detail}", f"  {letter.place}  {at}  {letter.value[:_PREVIEW_BYTES]!r}"
