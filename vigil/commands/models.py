"""List the versions of the learned risk, or withdraw one."""

from datetime import UTC, datetime

import click
import msgspec

from models.events import ModelWithdrawn
from streams.settings import origin_of
from streams.topics import existing_topics, topic_name
from vigil.connection import connect, told_in_one_line
from vigil.errors import CommandFailed
from vigil.options import broker_option, json_option, prefix_option
from vigil.published_models import PublishedVersion, described, published_versions, withdraw


@click.group()
def command() -> None:
    """List the versions of the learned risk, or withdraw one.

    \b
    Example:
        vigil models list --prefix live
    """


@command.command("list")
@prefix_option
@broker_option
@json_option
def list_(prefix: str, broker: str | None, as_json: bool) -> None:
    """List every version that was published, how well it foretold, and whether it was withdrawn.

    \b
    Example:
        vigil models list --broker 127.0.0.1:9092
    """
    found = _versions(prefix, broker)
    if as_json:
        click.echo(msgspec.json.encode({"prefix": prefix, "versions": found}).decode())
        return
    click.echo("\n".join(map(_line, found)) or f"No model was published to {prefix}.")


@command.command("withdraw")
@click.argument("version", type=click.IntRange(min=0))
@click.option("--by", required=True, help="Who withdraws it, as a pseudonym.")
@click.option("--reason", required=True, help="Why, in words; it stands on the log.")
@prefix_option
@broker_option
@json_option
def withdraw_(version: int, by: str, reason: str, prefix: str, broker: str | None, as_json: bool) -> None:
    """Withdraw VERSION and those above it: workers go back to the one before, at once and in every replay.

    A learner that still runs may publish a new version; stop it first if it should not.

    \b
    Example:
        vigil models withdraw 4711 --by dr-3 --reason "learned from another ward"
    """
    if version not in [each.version for each in _versions(prefix, broker) if each.withdrawn_by is None]:
        raise CommandFailed(f"Version {version} is not in force on {prefix}: see `vigil models list`.")
    at, origin = datetime.now(UTC), origin_of(prefix)
    event = ModelWithdrawn(version=version, at=at, by=by, reason=reason, origin=origin)
    with told_in_one_line():
        partitions = withdraw(connect(broker).for_kafka_python(), prefix, event)
    told = {"prefix": prefix, "withdrawn": version, "partitions": partitions}
    line = f"Version {version} is withdrawn on {partitions} partitions of {topic_name(prefix, 'patient-events')}."
    click.echo(msgspec.json.encode(told).decode() if as_json else line)


def _versions(prefix: str, broker: str | None) -> list[PublishedVersion]:
    connection = connect(broker)
    with told_in_one_line():
        log = topic_name(prefix, "patient-events")
        if log not in existing_topics(connection.for_kafka_python(), prefix):
            raise CommandFailed(f"There is no topic {log}: see `vigil topics list`.")
        return published_versions(connection.for_aiokafka(), prefix)


def _line(found: PublishedVersion) -> str:
    told = f"{found.at:%Y-%m-%d %H:%M}  {described(found)}, by {found.by}"
    return told if found.withdrawn_by is None else f"{told}  withdrawn by {found.withdrawn_by}: {found.reason}"
