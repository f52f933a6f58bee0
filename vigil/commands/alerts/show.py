"""Show all there is to say of one alert."""

from datetime import UTC, datetime

import click
import msgspec

from models.events import Alert
from models.partitioning import partition_of
from streams.settings import Connection, origin_of
from streams.topics import PARTITIONS
from vigil.alerts.lines import page
from vigil.alerts.reading import Story, only_one, read_standing, read_story
from vigil.connection import connect
from vigil.errors import CommandFailed
from vigil.options import broker_option, json_option, prefix_option


@click.command()
@click.argument("alert_id", metavar="ID")
@prefix_option
@broker_option
@json_option
def command(alert_id: str, prefix: str, broker: str | None, as_json: bool) -> None:
    """Show all there is to say of the alert ID: what it rests on, what clears it, each revision, who answered.

    ID may be its first characters. An alert that has closed is looked for in the history of all, which takes longer.

    \b
    Example:
        vigil alerts show 3f2a91c0
    """
    alert, story = _found(connect(broker), prefix, alert_id)
    if as_json:
        told = {"prefix": prefix, "alert": alert, "history": story.history, "answers": story.answers}
        click.echo(msgspec.json.encode(told).decode())
        return
    now = datetime.now(UTC) if origin_of(prefix) == "live" and alert.state != "closed" else alert.at
    for line in page(alert, story, now):
        click.echo(line)


def _found(connection: Connection, prefix: str, beginning: str) -> tuple[Alert, Story]:
    """The alert as it stands, or as it closed, and what was told of it."""
    alert = only_one(read_standing(connection, prefix).beginning_with(beginning), beginning)
    if alert is None:
        stories = read_story(connection, prefix, beginning, list(range(PARTITIONS)))
        last = only_one([story.history[-1] for story in stories], beginning)
        if last is None:
            raise CommandFailed(
                f"No alert of {prefix} has an id that begins with {beginning}: see `vigil alerts list`."
            )
        return last, next(story for story in stories if story.history[-1] is last)
    stories = read_story(connection, prefix, alert.alert_id, [partition_of(alert.subject, PARTITIONS)])
    return alert, stories[0] if stories else Story([], [])
