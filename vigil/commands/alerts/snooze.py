"""Put an alert off."""

from datetime import datetime, timedelta

import click

from consumers.answers.wishes import SnoozeWish
from vigil.alerts.giving import (
    LONGEST_QUIET,
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


@click.command()
@click.argument("alert_id", metavar="ID")
@by_option
@reason_option
@click.option("--for", "duration", metavar="30m", type=Duration(LONGEST_QUIET), help="At most 4h; this or --until.")
@click.option("--until", metavar="TIME", type=Moment(), help="Until when, by event time; this or --for.")
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
    """Put the alert ID off: it sounds again after --for or at --until, should it still hold, and at once if it worsens.

    ID may be its first characters. On a replay or a simulation --for counts from the newest tick on the log.

    Exit status 0 says: a worker has taken it, and it is in force.

    \b
    Example:
        vigil alerts snooze 3f2a91c0 --for 30m --by nurse-7
    """
    if (duration is None) == (until is None):
        raise click.UsageError("Give one of --for and --until.")
    connection = connect(broker)
    alert = standing_alert(connection, prefix, alert_id)
    wish = wish_of(
        SnoozeWish,
        by=by,
        reason=reason,
        revision=revision or alert.revision,
        until=until,
        for_seconds=seconds_of(duration),
    )
    line = f"Put off by {by} {span(duration, until)}: {alert.reason}"
    give(connection, prefix, lambda desk: desk.answer(wish, alert, wait), line=line, as_json=as_json)
