"""One answer from the command line: handed in, waited for, and told."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import click
import msgspec

from consumers.answers.answering import Answering
from consumers.answers.desk import Desk, NotPublished, Parked, Unanswered
from consumers.answers.log_time import NoTime
from consumers.board.words import age
from models import codec
from models.events import AnswerResult
from streams.settings import Connection
from vigil.alerts.reading import answer_topics
from vigil.connection import told_in_one_line
from vigil.errors import CommandFailed
from vigil.options import FiniteRange

_Wish = TypeVar("_Wish")

Ask = Callable[[Answering], Awaitable[AnswerResult]]

LONGEST_QUIET = timedelta(hours=4)
"""So long an alert can be put off, or a patient paused."""


def _named(_context: click.Context, _parameter: click.Parameter, name: str) -> str:
    if not name.strip():
        raise click.BadParameter("say who.")
    return name


by_option = click.option("--by", metavar="NAME", required=True, callback=_named, help="Who answers, as a pseudonym.")
reason_option = click.option("--reason", metavar="WORDS", help="Why, in your words.")
revision_option = click.option(
    "--revision", type=click.IntRange(min=1), help="The revision that you saw; default: the newest."
)
wait_option = click.option(
    "--wait",
    type=FiniteRange(min=0.1, max=600),
    default=2.0,
    show_default=True,
    help="Seconds to wait for what becomes of it.",
)


def wish_of(kind: type[_Wish], **given: Any) -> _Wish:  # Any: whatever a wish may hold
    """What a person asks for; the command ends where it can't be taken, and what is None was not given."""
    try:
        return msgspec.convert({name: value for name, value in given.items() if value is not None}, kind)
    except msgspec.ValidationError as error:
        raise click.UsageError(f"This can't be taken: {error}.") from error


def seconds_of(duration: timedelta | None) -> float | None:
    """A duration in seconds."""
    return None if duration is None else duration.total_seconds()


def span(duration: timedelta | None, until: datetime | None) -> str:
    """How long an answer holds, in words: "for 30m", "until 03:30 UTC", else until it is cleared."""
    if duration is not None:
        return f"for {age(duration)}"
    return "until it is cleared" if until is None else f"until {until.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def give(connection: Connection, prefix: str, ask: Ask, *, line: str, as_json: bool) -> None:
    """Hands one answer in and tells what became of it: `line` where it is in force, else the command ends with why."""
    with told_in_one_line():
        told = _asked(connection, prefix, ask)
    if as_json:
        click.echo(codec.encode(told).decode())
    if not told.accepted:
        raise CommandFailed(f"Nothing has changed: {told.detail}")
    if not as_json:
        click.echo(line)


def _asked(connection: Connection, prefix: str, ask: Ask) -> AnswerResult:
    async def asked() -> AnswerResult:
        client = connection.for_aiokafka()
        async with Desk(client, answer_topics(prefix)) as desk:
            return await ask(Answering(client, desk))

    try:
        return asyncio.run(asked())
    except codec.Undecodable as error:
        raise CommandFailed(f"This can't be published: {error.detail}.") from error
    except NoTime as error:
        raise CommandFailed(f"Nothing was published: {error}; answer once its feed runs.") from error
    except NotPublished as error:
        raise CommandFailed(f"{error}: it may count or not, so look at the alert before you answer again.") from error
    except Parked as error:
        raise CommandFailed(f"The workers could not use it ({error}): see `vigil dead-letters list`.") from error
    except Unanswered as error:
        raise CommandFailed("No worker answered in time: it is on the log, and counts once a worker runs.") from error
