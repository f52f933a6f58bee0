"""List the versions of a learned model, look at one, or go back to one."""

from datetime import UTC, datetime
from typing import get_args

import click
import msgspec

from models.events import ModelName, ModelPublished, ModelWithdrawn
from streams.settings import origin_of
from streams.topics import existing_topics, topic_name
from vigil.connection import connect, told_in_one_line
from vigil.errors import CommandFailed
from vigil.model_card import Card, card_of
from vigil.model_card_page import page
from vigil.options import broker_option, json_option, prefix_option
from vigil.published_models import ModelLog, PublishedVersion, described, read_models, withdraw

_NONE = "none"
_model_option = click.option(
    "--model",
    "name",
    type=click.Choice(get_args(ModelName)),
    default="deterioration",
    show_default=True,
    help="Which learned model.",
)


@click.group()
def command() -> None:
    """List the versions of a learned model, look at one, or go back to one.

    There are two, each with versions of its own: `deterioration` foretells the next 6 hours, `stay` whether a patient
    dies in this stay.

    \b
    Example:
        vigil models list --prefix live
    """


@command.command("list")
@_model_option
@prefix_option
@broker_option
@json_option
def list_(name: ModelName, prefix: str, broker: str | None, as_json: bool) -> None:
    """List every version that was published, how well it foretold, and whether it was withdrawn.

    \b
    Example:
        vigil models list --model stay --broker 127.0.0.1:9092
    """
    found = _read(name, prefix, broker).versions()
    if as_json:
        click.echo(msgspec.json.encode({"prefix": prefix, "model": name, "versions": found}).decode())
        return
    click.echo("\n".join(map(_line, found)) or f"No version of the {name} model was published to {prefix}.")


@command.command("show")
@click.argument("version", type=click.IntRange(min=0))
@_model_option
@prefix_option
@broker_option
@json_option
def show(version: int, name: ModelName, prefix: str, broker: str | None, as_json: bool) -> None:
    """Show VERSION as it was published: how well it foretold, what became of it, and every weight.

    \b
    Example:
        vigil models show 4711
    """
    found = _read(name, prefix, broker)
    model = _known(found, version, prefix)
    if as_json:
        click.echo(msgspec.json.encode({"prefix": prefix, "model": model, "summary": found.summary(version)}).decode())
        return
    weights = [f"{each.weight:+10.4f}  {each.feature}" for each in sorted(model.weights, key=lambda w: -abs(w.weight))]
    curve = [] if model.curve is None else [f"{len(model.curve):10,}  bytes of a curve over newest values and means"]
    rows = [_line(found.summary(version)), f"{model.intercept:+10.4f}  intercept", *weights, *curve]
    click.echo("\n".join(rows))


@command.command("card")
@click.argument("version", type=click.IntRange(min=0), required=False)
@_model_option
@prefix_option
@broker_option
@json_option
def card(version: int | None, name: ModelName, prefix: str, broker: str | None, as_json: bool) -> None:
    """Write the model card of VERSION, or of the one in force, in Markdown.

    It says what the model foretells and for whom, what it learned from, how well it does beside NEWS2 and for each sex
    and age, what it weighs, what it never saw, and what it must not be used for.

    \b
    Example:
        vigil models card 4711 > card.md
    """
    made = _card(_read(name, prefix, broker), version, prefix)
    click.echo(msgspec.json.encode(made).decode() if as_json else page(made), nl=as_json)


@command.command("rollback")
@click.option("--to", metavar="VERSION", help="Go back to this version, or to none; else to the one before.")
@click.option("--by", required=True, help="Who goes back, as a pseudonym.")
@click.option("--reason", required=True, help="Why, in words; it stands on the log.")
@_model_option
@prefix_option
@broker_option
@json_option
def rollback(
    to: str | None, by: str, reason: str, name: ModelName, prefix: str, broker: str | None, as_json: bool
) -> None:
    """Go back to an earlier version: workers do so at once, and so does every replay of the log.

    The versions above it are not trusted any more, and never return.
    A learner that still runs may publish a new version; stop it first if it should not.

    \b
    Example:
        vigil models rollback --to 4711 --by dr-3 --reason "learned from another ward"
    """
    found = _read(name, prefix, broker)
    target = _target(found, to, prefix)
    lowest = 0 if target is None else target + 1
    event = ModelWithdrawn(
        version=lowest, model=name, at=datetime.now(UTC), by=by, reason=reason, origin=origin_of(prefix)
    )
    with told_in_one_line():
        partitions = withdraw(connect(broker).for_kafka_python(), prefix, event)
    withdrawn = [version for version in found.kept if version >= lowest]
    told = {"prefix": prefix, "model": name, "in_force": target, "withdrawn": withdrawn, "partitions": partitions}
    now = "no version" if target is None else f"version {target}"
    line = f"From here on {now} foretells, on {partitions} partitions of {topic_name(prefix, 'patient-events')}."
    click.echo(msgspec.json.encode(told).decode() if as_json else line)


def _read(name: ModelName, prefix: str, broker: str | None) -> ModelLog:
    connection = connect(broker)
    with told_in_one_line():
        log = topic_name(prefix, "patient-events")
        if log not in existing_topics(connection.for_kafka_python(), prefix):
            raise CommandFailed(f"There is no topic {log}: see `vigil topics list`.")
        return read_models(connection.for_aiokafka(), prefix, name)


def _known(found: ModelLog, version: int, prefix: str) -> ModelPublished:
    if version not in found.published:
        raise CommandFailed(f"Version {version} was never in force on {prefix}: see `vigil models list`.")
    return found.published[version]


def _card(found: ModelLog, version: int | None, prefix: str) -> Card:
    if version is None:
        version = found.in_force
    if version is None:
        raise CommandFailed(f"No version is in force on {prefix}: name one that `vigil models list` tells.")
    model = _known(found, version, prefix)
    return card_of(model, is_in_force=version == found.in_force, withdrawn=found.withdrawn.get(version))


def _target(found: ModelLog, to: str | None, prefix: str) -> int | None:
    """The version to go back to; none where nothing is to be foretold."""
    if found.in_force is None:
        raise CommandFailed(f"No version is in force on {prefix}: there is nothing to go back from.")
    earlier = found.kept[:-1]
    if to is None and earlier:
        return earlier[-1]
    if to == _NONE:
        return None
    if to is not None and to.isdecimal() and int(to) in earlier:
        return int(to)
    choice = " or ".join(map(str, [*reversed(earlier), _NONE]))
    raise CommandFailed(f"Version {found.in_force} is in force on {prefix}; workers can go back with --to {choice}.")


def _line(found: PublishedVersion) -> str:
    told = f"{found.at:%Y-%m-%d %H:%M}  {described(found)}, by {found.by}"
    return told if found.withdrawn_by is None else f"{told}  withdrawn by {found.withdrawn_by}: {found.reason}"
