"""Enter what a person measured, and see what comes of it."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

import click
import msgspec
from msgspec import UNSET

from consumers.board.words import beside
from consumers.hand_entry import AIR, CLOCKS_DIFFER, VITALS, NotBelievedError, reading_of, said
from models import codec
from models.events import Assessment, DeadLetter, Measurement, Reading
from producers.entry import Entry
from producers.feed import Feed
from streams.settings import origin_of
from streams.topics import topic_name
from vigil.connection import connect, told_in_one_line
from vigil.errors import CommandFailed
from vigil.hearing import Hearing
from vigil.options import FiniteRange, broker_option, json_option, prefix_option
from vigil.when import Moment

_BROKER_SECONDS = 5.0  # A person waits.
_Command = TypeVar("_Command", bound=Callable[..., Any])


def _value_options(command: _Command) -> _Command:
    """An option for each vital sign, in the order of the table."""
    for name, vital in reversed(VITALS.items()):
        option = f"--{name.replace('_', '-')}"
        command = click.option(option, name, callback=_believed, metavar="VALUE", help=f"{vital.title}: {vital.form}.")(
            command
        )
    return command


def _believed(_context: click.Context, parameter: click.Parameter, text: str | None) -> list[Measurement]:
    if text is None:
        return []
    try:
        return VITALS[str(parameter.name)].read(text)
    except NotBelievedError as error:
        raise click.BadParameter(f"{error}.") from error


@click.command()
@click.option("--patient", metavar="ID", help="Whom it was measured of.")
@click.option("--by", metavar="NAME", help="Who measured, or enters it.")
@_value_options
@click.option("--air", is_flag=True, help="The patient breathes room air: an oxygen flow of 0.")
@click.option("--at", metavar="TIME", type=Moment(), help="When it was measured, with its time zone; default: now.")
@click.option(
    "--wait", type=FiniteRange(min=0), default=15.0, show_default=True, help="Seconds to wait for the assessment."
)
@prefix_option
@broker_option
@json_option
def command(
    patient: str | None,
    by: str | None,
    air: bool,
    at: datetime | None,
    wait: float,
    prefix: str,
    broker: str | None,
    as_json: bool,
    **values: list[Measurement],
) -> None:
    """Enter what a person measured, publish it as one reading, and show the assessment that comes of it.

    A value may bear its unit, as in 100.8[degF] or 16/10.7kPa; without one it is in the unit named below. On a terminal
    what is not given is asked for. What is not believable is refused before anything is published.

    Exit status 0 says: a worker has assessed it.

    \b
    Example:
        vigil observe --patient p1 --by "nurse Joy" --temperature 38.2 --pressure 120/80 --spo2 95 --air --acvpu A
    """
    if air and values["oxygen_flow"]:
        raise click.UsageError("Either --air or --oxygen-flow.")
    measurements = [each for name in VITALS for each in values[name]] + ([AIR] if air else [])
    if not sys.stdin.isatty() and not (patient and by and measurements):
        raise click.UsageError("Give --patient, --by and at least one value.")
    patient = patient or click.prompt("Patient", err=True)
    by = by or click.prompt("Measured by", err=True)
    measurements = measurements or _ask()
    reading = _reading(str(patient), str(by), measurements, *_times(at, prefix))
    _publish(reading, prefix, broker, wait, as_json=as_json)


def _ask() -> list[Measurement]:
    """Asks for every vital sign, again where an answer is not believable; an empty answer was not measured."""
    click.echo("Leave empty what was not measured.", err=True)
    found: list[Measurement] = []
    for vital in VITALS.values():
        found += click.prompt(
            f"{vital.title} ({vital.form})", default="", show_default=False, value_proc=_answered(vital.read), err=True
        )
    if not found:
        raise CommandFailed("Nothing was entered, so nothing was published.")
    return found


def _answered(read: Callable[[str], list[Measurement]]) -> Callable[[str], list[Measurement]]:
    def answered(text: str) -> list[Measurement]:
        try:
            return read(text) if text.strip() else []
        except NotBelievedError as error:
            raise click.UsageError(f"{error}.") from error

    return answered


def _times(at: datetime | None, prefix: str) -> tuple[datetime, datetime]:
    """When it was measured, and when it is received; topics with a time of their own have no now."""
    now = datetime.now(UTC)
    if origin_of(prefix) == "live":
        if at is not None and at > now + CLOCKS_DIFFER:
            raise CommandFailed(f"{at.isoformat()} is still to come: say when it was measured.")
        return at or now, now
    if at is None:
        raise CommandFailed(f"The topics of {prefix} have a time of their own: say --at.")
    return at, at


def _reading(patient: str, by: str, measurements: list[Measurement], at: datetime, received_at: datetime) -> Reading:
    try:
        return reading_of(patient, by, measurements, at, received_at)
    except codec.Undecodable as error:
        raise CommandFailed(f"This can't be published: {error.detail}.") from error


def _publish(reading: Reading, prefix: str, broker: str | None, wait: float, *, as_json: bool) -> None:
    client, log = connect(broker).for_kafka_python(), topic_name(prefix, "patient-events")
    key = reading.patient_id.encode()
    entry = Entry(codec.encode(reading), reading.reading_id, key, None, None, reading.reading_id)
    with told_in_one_line(), Feed(log, client, timeout_seconds=_BROKER_SECONDS) as feed:
        partition = feed.partition(entry)
        with Hearing(client, prefix, ["assessments", "dead-letters"], [partition]) as hearing:
            feed.publish(entry)
            feed.flush()
            offset = feed.acknowledged[partition]
            if not as_json:
                click.echo(_published(reading, f"{log}, partition {partition}, offset {offset}"))
            answer = _answer(hearing, reading.reading_id, offset, wait)
    if as_json:
        click.echo(_json(reading, log, partition, offset, answer))
    elif isinstance(answer, Assessment):
        click.echo(_assessed(answer))
    if isinstance(answer, DeadLetter):
        raise CommandFailed(f"The reading was parked as {answer.reason}: {answer.detail}.")
    if answer is None:
        raise CommandFailed(
            f"No worker answered within {wait:g} s: the reading is on the log, and is assessed once one runs."
        )


def _answer(hearing: Hearing, reading_id: str, offset: int, seconds: float) -> Assessment | DeadLetter | None:
    """The assessment of a reading, or its dead letter, by its place on the log; None if none comes in time."""
    for told in hearing.heard(seconds):
        if isinstance(told, Assessment) and told.reading_id == reading_id:
            return told
        if isinstance(told, DeadLetter) and told.offset == offset:
            return told
    return None


def _published(reading: Reading, place: str) -> str:
    values = "".join(f"\n  {said(measurement)}" for measurement in reading.measurements)
    at = reading.effective_at.isoformat(timespec="seconds")
    return f"Published for {reading.patient_id} by {reading.device_id}, measured at {at}:{values}\n{place}"


def _json(reading: Reading, log: str, partition: int, offset: int, answer: Assessment | DeadLetter | None) -> str:
    parked = {"reason": answer.reason, "detail": answer.detail} if isinstance(answer, DeadLetter) else None
    told = {
        "reading": reading,
        "topic": log,
        "partition": partition,
        "offset": offset,
        "assessment": answer if isinstance(answer, Assessment) else None,
        "dead_letter": parked,
    }
    return msgspec.json.encode(told).decode()


def _assessed(told: Assessment) -> str:
    score = told.news2
    if not told.monitored or score is None:
        return f"{told.patient_id} is not monitored: kept as history, without a score."
    if score.not_applicable:
        return f"NEWS2: {score.not_applicable}."
    lines = [f"NEWS2 {score.known_points}, could be up to {score.max_possible}: {score.level} ({score.completeness})"]
    lines += [f"missing: {_names(score.missing)}", f"stale: {_names(score.stale)}"]
    lines += [
        f"refused: {', '.join(f'{each.code} {each.value} ({each.reason})' for each in told.refused) or 'nothing'}"
    ]
    if told.scores is not UNSET:
        lines.append(f"beside it: {beside(told.scores) or 'nothing is known of other scores'}")
    if told.amended:
        lines.append("It is amended: it tells of a time that has passed already.")
    return "\n".join(lines)


def _names(parts: list[str] | None) -> str:
    return ", ".join(part.replace("_", " ") for part in parts or []) or "nothing"
