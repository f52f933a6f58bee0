"""Pause a patient's alerts of no data and of limits."""

from datetime import datetime, timedelta

import click

from consumers.answers.wishes import PauseWish
from vigil.alerts.giving import LONGEST_QUIET, by_option, give, seconds_of, span, wait_option, wish_of
from vigil.alerts.reading import check_topics
from vigil.connection import connect
from vigil.options import broker_option, json_option, prefix_option
from vigil.when import Duration, Moment


@click.command()
@click.argument("patient", metavar="PATIENT")
@by_option
@click.option("--reason", metavar="WORDS", required=True, help="Why, in your words.")
@click.option("--for", "duration", metavar="1h", type=Duration(LONGEST_QUIET), help="For how long, at most 4h.")
@click.option("--until", metavar="TIME", type=Moment(), help="Until when, by event time, at most 4h ahead.")
@click.option("--end", is_flag=True, help="End the pause now.")
@wait_option
@prefix_option
@broker_option
@json_option
def command(
    patient: str,
    by: str,
    reason: str,
    duration: timedelta | None,
    until: datetime | None,
    end: bool,
    wait: float,
    prefix: str,
    broker: str | None,
    as_json: bool,
) -> None:
    """Pause PATIENT's alerts of no data and of limits, as while being washed or moved, or end the pause with --end.

    A value of 0, which means arrest or sensor off, sounds all the same. On a replay or a simulation --for counts from
    the newest tick on the log.

    Exit status 0 says: a worker has taken it, and it is in force.

    \b
    Example:
        vigil alerts pause p1 --for 1h --by nurse-7 --reason "in the scanner"
    """
    if [duration is not None, until is not None, end].count(True) != 1:
        raise click.UsageError("Give one of --for, --until and --end.")
    connection = connect(broker)
    check_topics(connection, prefix)
    for_seconds = 0.0 if end else seconds_of(duration)
    wish = wish_of(PauseWish, by=by, reason=reason, until=until, for_seconds=for_seconds)
    line = (
        f"The pause for {patient} is over."
        if end
        else f"Paused for {patient} by {by} {span(duration, until)}: {reason}"
    )
    give(connection, prefix, lambda desk: desk.pause(wish, patient, wait), line=line, as_json=as_json)
