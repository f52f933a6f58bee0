"""Simulate a ward whose patients fall ill by known scenarios: to Kafka, to a file, or checked in memory."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import msgspec

from producers.simulator.pace import Pace
from producers.simulator.scenarios import SCENARIOS
from streams.settings import origin_of
from vigil.errors import CommandFailed
from vigil.options import FiniteRange, broker_option, json_option, known_prefix, speed_option
from vigil.simulation.plan import WardPlan
from vigil.simulation.report import SimulationReport, summary
from vigil.simulation.wishes import plans_of, read_wish

_STOPPED = 130
_USUAL_HOURS = 24.0
_LONGEST_HOURS = 24.0 * 366
_FILE_START = datetime(2026, 1, 1, tzinfo=UTC)  # A file needs no clock: the same seed gives the same bytes.


def _start(_context: click.Context, _parameter: click.Parameter, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(f"{text} is no time: give one such as 2026-01-01T00:00:00Z.") from error
    if at.tzinfo is None or not 1970 <= at.year < 2200:
        raise click.BadParameter(
            f"{text} has no time zone or is of another age: give one such as 2026-01-01T00:00:00Z."
        )
    return at.astimezone(UTC)


def _simulated_prefix(context: click.Context, parameter: click.Parameter, prefix: str) -> str:
    known_prefix(context, parameter, prefix)
    if origin_of(prefix) != "simulated":
        raise click.BadParameter(f"{prefix} is not for simulated patients: give simulated, or simulated-NAME.")
    return prefix


def _list_scenarios(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        click.echo("\n".join(f"{each.name:<20} {each.summary}" for each in SCENARIOS.values()))
        context.exit()


@click.command()
@click.option("--patients", type=click.IntRange(0, 10_000), default=8, show_default=True, help="Beds on the ward.")
@click.option("--wearers", type=click.IntRange(0, 10_000), default=0, show_default=True, help="People at home.")
@click.option(
    "--scenario", "scenarios", multiple=True, metavar="NAME[@PATIENT|:COUNT]", help="Who falls ill of what; repeatable."
)
@click.option(
    "--list", is_flag=True, is_eager=True, expose_value=False, callback=_list_scenarios, help="List scenarios."
)
@click.option(
    "--onset",
    type=FiniteRange(0, 60 * _LONGEST_HOURS),
    default=10,
    show_default=True,
    help="Minutes to it.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same patients.")
@click.option(
    "--every",
    type=FiniteRange(1, 3600),
    default=10,
    show_default=True,
    help="Seconds from one reading of a monitor to the next.",
)
@click.option(
    "--close",
    type=FiniteRange(0, 1440),
    default=0,
    show_default=True,
    help="Minutes before and after a deterioration of a --scenario in which monitors measure each second.",
)
@speed_option(default="1")
@click.option(
    "--hours",
    type=FiniteRange(0, _LONGEST_HOURS, min_open=True),
    help="How long, by event time; default: until Ctrl-C, or 24 with --out, --check or --speed max.",
)
@click.option("--start", callback=_start, metavar="TIME", help="Default: now, or 2026-01-01 with --out and --check.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write events.jsonl here; - is stdout.")
@click.option("--check", "checks", is_flag=True, help="Fold it in memory, and tell whether alerts come as they should.")
@click.option("--fresh", is_flag=True, help="Empty the topics first; stop their workers before.")
@click.option("--prefix", default="simulated", show_default=True, callback=_simulated_prefix, help="Or simulated-NAME.")
@broker_option
@json_option
@click.pass_context
def command(
    context: click.Context,
    patients: int,
    wearers: int,
    scenarios: tuple[str, ...],
    onset: float,
    seed: int,
    every: float,
    close: float,
    speed: float | None,
    hours: float | None,
    start: datetime | None,
    out: Path | None,
    checks: bool,
    fresh: bool,
    prefix: str,
    broker: str | None,
    as_json: bool,
) -> None:
    """Simulate a ward: patients p1, p2 ... with correlated vital signs, and wearers w1, w2 ... at home.

    Scenarios befall those who are named, or the first ones who are free; --list tells them. It brings its own clock.
    Workers for it are started with `vigil worker --prefix simulated`.

    With --out or --check no Kafka is needed. --check fails when a scenario does not bring its alerts, or brings others.
    A run without an end that is stopped by Ctrl-C ends with 0 and its counts, any other with 130.

    \b
    Example:
        vigil simulate --patients 12 --scenario sepsis@p3 --scenario stable:2 --speed 60
    """
    _insist_on_one_way(context, out, checks=checks, fresh=fresh, as_json=as_json)
    if not patients and not wearers:
        raise CommandFailed("Nobody is there: give --patients or --wearers.")
    is_endless = hours is None and out is None and not checks and speed is not None
    if scenarios and not is_endless and onset >= 60 * (hours or _USUAL_HOURS):
        raise CommandFailed("The scenarios would begin after the end: give a smaller --onset or more --hours.")
    wishes = [read_wish(text) for text in scenarios]
    plan = WardPlan(
        patients=patients,
        wearers=wearers,
        cases=tuple(plans_of(wishes, patients=patients, wearers=wearers, onset=timedelta(minutes=onset))),
        seed=seed,
        lasts=None if is_endless else timedelta(hours=hours or _USUAL_HOURS),
        pace=Pace(every_seconds=every, close_minutes=close),
    )
    plan.opened(_FILE_START)
    report = _run(plan, start, speed, out, prefix, broker, checks=checks, fresh=fresh)
    told = msgspec.json.encode(report).decode() if as_json else summary(report)
    click.echo(told, err=str(out) == "-")
    if report.stopped_early:
        context.exit(_STOPPED)
    _insist(report)


def _insist_on_one_way(context: click.Context, out: Path | None, *, checks: bool, fresh: bool, as_json: bool) -> None:
    """Refuses options that can't both mean something."""
    if out is not None and checks:
        raise click.UsageError("--check folds in memory and writes nothing: give it or --out.")
    if str(out) == "-" and as_json:
        raise click.UsageError("--json and --out - would both write to standard output: give --out FILE.")
    is_given = {
        f"--{name}"
        for name in ("speed", "broker", "prefix")
        if context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
    } | ({"--fresh"} if fresh else set())
    if is_given and (out is not None or checks):
        raise click.UsageError(f"{', '.join(sorted(is_given))} is about Kafka, which --out and --check do not need.")


def _run(
    plan: WardPlan,
    start: datetime | None,
    speed: float | None,
    out: Path | None,
    prefix: str,
    broker: str | None,
    *,
    checks: bool,
    fresh: bool,
) -> SimulationReport:
    """Lets the ward run to where it should; what only one way needs is imported by that one."""
    if checks:
        from vigil.simulation.checking import check

        return check(plan, start or _FILE_START)
    if out is not None:
        from vigil.simulation.writing import write

        return write(out, plan, start or _FILE_START)
    from vigil.connection import connect
    from vigil.simulation.publishing import prepare, publish

    connection = connect(broker)
    prepare(connection, prefix, fresh=fresh)
    return publish(connection, prefix, plan, start=start, speed=speed)


def _insist(report: SimulationReport) -> None:
    """Ends the command where something did not happen that should have."""
    if report.refused:
        first = report.refused[0]
        raise CommandFailed(
            f"{len(report.refused)} records were refused by the broker; the first, {first.name}, is {first.reason}."
        )
    unkept = [f"{truth.scenario} of {truth.patient_id}: {truth.unmet[0]}" for truth in report.scenarios if truth.unmet]
    if unkept:
        raise CommandFailed(f"{len(unkept)} scenarios did not go as expected; {unkept[0]}")
