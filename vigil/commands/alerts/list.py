"""List the alerts that stand, the most urgent first."""

import shutil
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import get_args

import click
import msgspec

from consumers.answers.standing import Selection
from models.events import Alert, AlertKind, AlertState, Priority
from streams.settings import origin_of
from vigil.alerts.lines import table
from vigil.alerts.reading import read_standing
from vigil.connection import connect
from vigil.options import broker_option, json_option, prefix_option


@click.command()
@click.option("--patient", metavar="ID", multiple=True, help="Only of this patient; repeatable.")
@click.option("--ward", metavar="WARD", multiple=True, help="Only of this ward; repeatable.")
@click.option("--priority", type=click.Choice(get_args(Priority)), multiple=True, help="Only these; repeatable.")
@click.option("--state", type=click.Choice(get_args(AlertState)[:-1]), multiple=True, help="Only these; repeatable.")
@click.option("--kind", type=click.Choice(get_args(AlertKind)), multiple=True, help="Only these; repeatable.")
@click.option("--all", "with_pending", is_flag=True, help="Also pending ones, which nobody was told of yet.")
@prefix_option
@broker_option
@json_option
def command(
    patient: Sequence[str],
    ward: Sequence[str],
    priority: Sequence[Priority],
    state: Sequence[AlertState],
    kind: Sequence[AlertKind],
    with_pending: bool,
    prefix: str,
    broker: str | None,
    as_json: bool,
) -> None:
    """List the alerts that stand, the most urgent first.

    One line each, on a terminal cut to its width; `vigil alerts show` tells all. An age is counted to now on live
    topics, and elsewhere to the newest time that any of the alerts tells.

    \b
    Example:
        vigil alerts list --priority high --state active
    """
    selection = Selection(
        patient=[*patient], ward=[*ward], priority=[*priority], state=[*state], kind=[*kind], all=with_pending
    )
    standing = read_standing(connect(broker), prefix)
    alerts = standing.selected(selection)
    if as_json:
        told = {"prefix": prefix, "alerts": alerts, "unreadable": standing.unreadable}
        click.echo(msgspec.json.encode(told).decode())
        return
    everything = standing.selected(Selection(all=True))
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    for line in table(alerts, _now(prefix, everything)) if alerts else ["No such alert stands."]:
        click.echo(line[:width])
    if standing.unreadable:
        click.echo(f"{standing.unreadable} more stand that this version of Vigil can't read.", err=True)


def _now(prefix: str, alerts: Sequence[Alert]) -> datetime:
    wall = datetime.now(UTC)
    return wall if origin_of(prefix) == "live" else max((alert.at for alert in alerts), default=wall)
