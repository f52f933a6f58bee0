"""Say whether an alert was worth it."""

from typing import get_args

import click

from consumers.answers.wishes import FeedbackWish
from models.events import Usefulness
from vigil.alerts.giving import by_option, give, reason_option, wait_option, wish_of
from vigil.alerts.reading import alert_and_story
from vigil.connection import connect
from vigil.options import broker_option, json_option, prefix_option


@click.command()
@click.argument("alert_id", metavar="ID")
@by_option
@click.argument("usefulness", type=click.Choice(get_args(Usefulness)))
@reason_option
@wait_option
@prefix_option
@broker_option
@json_option
def command(
    alert_id: str,
    by: str,
    usefulness: Usefulness,
    reason: str | None,
    wait: float,
    prefix: str,
    broker: str | None,
    as_json: bool,
) -> None:
    """Say whether there was anything to do about the alert ID; it changes no alert, but the figures of the burden.

    ID may be its first characters; the alert may have closed of late.

    Exit status 0 says: a worker has taken it.

    \b
    Example:
        vigil alerts feedback 3f2a91c0 not-actionable --by nurse-7 --reason "probe fell off"
    """
    connection = connect(broker)
    alert, _ = alert_and_story(connection, prefix, alert_id)
    wish = wish_of(FeedbackWish, by=by, usefulness=usefulness, reason=reason)
    line = f"Noted as {usefulness} by {by}: {alert.reason}"
    give(connection, prefix, lambda desk: desk.answer(wish, alert, wait), line=line, as_json=as_json)
