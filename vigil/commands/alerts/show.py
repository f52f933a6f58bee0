"""Show all there is to say of one alert."""

from datetime import UTC, datetime

import click
import msgspec

from streams.settings import origin_of
from vigil.alerts.lines import page
from vigil.alerts.reading import alert_and_story
from vigil.connection import connect
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
    alert, story = alert_and_story(connect(broker), prefix, alert_id)
    if as_json:
        told = {"prefix": prefix, "alert": alert, "history": story.history, "answers": story.answers}
        click.echo(msgspec.json.encode(told).decode())
        return
    now = datetime.now(UTC) if origin_of(prefix) == "live" and alert.state != "closed" else alert.at
    for line in page(alert, story, now):
        click.echo(line)
