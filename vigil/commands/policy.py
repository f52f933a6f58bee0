"""Check the policy by which alerts are raised, put it in force, or see what is."""

from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from models.alerting.policy_book import PolicyBook, Told
from streams.settings import Connection, origin_of
from streams.topics import existing_topics, topic_name
from vigil.connection import connect, told_in_one_line
from vigil.errors import CommandFailed
from vigil.options import FiniteRange, broker_option, json_option, prefix_option
from vigil.policy_file import load_policy
from vigil.policy_log import Change, changes, read_policies, tell

_file_argument = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))


@click.group()
def command() -> None:
    """Check the policy by which alerts are raised, put it in force, or see what is.

    A policy is a TOML file: what the site tells, and below [ward.NAME] and [patient.ID] what these tell over it.
    Where it says nothing, the clinical decisions stand.

    \b
    Example:
        vigil policy check site.toml
    """


@command.command("check")
@_file_argument
@json_option
def check(file: Path, as_json: bool) -> None:
    """Say whether FILE can be put in force, with the line of what can't; nothing changes.

    \b
    Example:
        vigil policy check site.toml
    """
    book = load_policy(file)
    if as_json:
        click.echo(msgspec.json.encode(book).decode())
        return
    click.echo("\n".join([f"{file} can be put in force:", *_scopes(book)]))


@command.command("show")
@prefix_option
@broker_option
@json_option
def show(prefix: str, broker: str | None, as_json: bool) -> None:
    """Show what is in force by all that the log tells.

    \b
    Example:
        vigil policy show --prefix live
    """
    book = _read(connect(broker), prefix)
    if as_json:
        click.echo(msgspec.json.encode({"prefix": prefix, "policies": book}).decode())
        return
    lines = _scopes(book) or [f"Nobody told {prefix} a policy: the clinical decisions are in force."]
    click.echo("\n".join(lines))


@command.command("apply")
@_file_argument
@click.option("--by", required=True, help="Who changes it, as a pseudonym.")
@click.option("--reason", required=True, help="Why, in words; it stands on the log.")
@click.option("--wait", type=FiniteRange(min=0), default=10.0, show_default=True, help="Seconds to wait for workers.")
@prefix_option
@broker_option
@json_option
def apply(file: Path, by: str, reason: str, wait: float, prefix: str, broker: str | None, as_json: bool) -> None:
    """Put FILE in force, from its place on the log on; every replay of the log does the same there.

    Site and wards become what FILE says, and what it does not say of them is taken back. Of patients only those that
    it names change.

    \b
    Example:
        vigil policy apply site.toml --by dr-3 --reason "chronic lung disease is usual on A1"
    """
    wanted = load_policy(file)
    connection = connect(broker)
    told = list(changes(wanted, _read(connection, prefix)))
    with told_in_one_line():
        results, expected = tell(
            connection.for_kafka_python(),
            prefix,
            told,
            at=datetime.now(UTC),
            by=by,
            reason=reason,
            origin=origin_of(prefix),
            seconds=wait,
        )
    refused = sorted({result.detail for result in results if not result.accepted})
    if as_json:
        names = [{"scope": each.scope, "name": each.name, "taken_back": each.policy is None} for each in told]
        answer = {"prefix": prefix, "changed": names, "results": len(results), "expected": expected, "refused": refused}
        click.echo(msgspec.json.encode(answer).decode())
    if refused:
        raise CommandFailed(f"Workers refused it, and nothing changed there: {' '.join(refused)}")
    if len(results) < expected:
        raise CommandFailed(
            f"It stands on the log, but {expected - len(results)} of {expected} partitions did not answer within "
            f"{wait:g} s: it will be in force as soon as a worker reads it (`vigil worker --prefix {prefix}`)."
        )
    if not as_json:
        click.echo("\n".join(map(_line, told)) or f"{file} is in force already: nothing changed.")


def _read(connection: Connection, prefix: str) -> PolicyBook:
    with told_in_one_line():
        log = topic_name(prefix, "patient-events")
        if log not in existing_topics(connection.for_kafka_python(), prefix):
            raise CommandFailed(f"There is no topic {log}: see `vigil topics list`.")
        return read_policies(connection.for_aiokafka(), prefix)


def _line(change: Change) -> str:
    whom = " ".join(part for part in (change.scope, change.name) if part)
    return f"{whom}: {'taken back' if change.policy is None else f'version {change.version} is in force'}"


def _scopes(book: PolicyBook) -> list[str]:
    """Each scope with what it tells."""
    told: list[tuple[str, Told | None]] = [("site", book.site)]
    told += [(f"ward {name}", each) for name, each in sorted(book.wards.items())]
    told += [(f"patient {name}", each) for name, each in sorted(book.patients.items())]
    return [
        f"{whom}, version {each.version}: {msgspec.json.encode(each.policy).decode()}"
        for whom, each in told
        if each is not None
    ]
