"""Acknowledge an alert."""

from datetime import datetime, timedelta

import click

from consumers.answers.wishes import AcknowledgementWish
from vigil.alerts.giving import (
    by_option,
    give,
    reason_option,
    revision_option,
    seconds_of,
    span,
    wait_option,
    wish_of,
)
from vigil.alerts.reading import standing_alert
from vigil.connection import connect
from vigil.options import broker_option, json_option, prefix_option
from vigil.when import Duration, Moment

_LONGEST = timedelta(hours=24)


@click.command()
@click.argument("alert_id", metavar="ID")
@by_option
@reason_option
@click.option("--for", "duration", metavar="30m", type=Duration(_LONGEST), help="It may sound again after so long.")
@click.option("--until", metavar="TIME", type=Moment(), help="It may sound again then, by event time.")
@revision_option
@wait_option
@prefix_option
@broker_option
@json_option
def command(
    alert_id: str,
    by: str,
    reason: str | None,
    duration: timedelta | None,
    until: datetime | None,
    revision: int | None,
    wait: float,
    prefix: str,
    broker: str | None,
    as_json: bool,
) -> None:
    """Acknowledge the alert ID: somebody has seen it, and it is quiet until it is cleared.

    ID may be its first characters. It sounds again should it become more urgent, or at the end that --for or --until
    names, if it still holds then. On a replay or a simulation --for counts from the newest tick on the log.

    Exit status 0 says: a worker has taken it, and it is in force.

    \b
    Example:
        vigil alerts ack 3f2a91c0 --by dr-3 --reason "seen, fluids started" --for 30m
    """
    if duration is not None and until is not None:
        raise click.UsageError("Either --for or --until.")
    connection = connect(broker)
    alert = standing_alert(connection, prefix, alert_id)
    wish = wish_of(
        AcknowledgementWish,
        by=by,
        reason=reason,
        revision=revision or alert.revision,
        until=until,
        for_seconds=seconds_of(duration),
    )
    line = f"Acknowledged by {by} {span(duration, until)}: {alert.reason}"
    give(connection, prefix, lambda desk: desk.answer(wish, alert, wait), line=line, as_json=as_json)
