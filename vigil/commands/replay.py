"""Play a recording through Kafka and workers, and account for every record."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from vigil.errors import CommandFailed
from vigil.options import broker_option, json_option, speed_option
from vigil.processing import WorkersFailed
from vigil.published_models import described
from vigil.recording import SOURCES, open_recording
from vigil.replaying import Report, replay
from vigil.run import running
from vigil.telling import ProgressBar

_NAMED_FILES = 10
_STOPPED = 130
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


def _name(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str:
    name = value or datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    if not _NAME.fullmatch(name):
        raise click.BadParameter("letters, digits, - and _ only, beginning with a letter or digit.")
    return name


@click.command()
@click.argument("source", metavar=f"[{'|'.join(SOURCES)}]", default="sample")
@click.argument("paths", metavar="[PATH]...", type=click.Path(path_type=Path), nargs=-1)
@click.option(
    "--outcomes", type=click.Path(path_type=Path), help="Default: Outcomes-*.txt or onset.csv beside the recording."
)
@speed_option(default="max")
@click.option("--limit", type=click.IntRange(min=1), help="Only the first so many patients.")
@click.option(
    "--workers",
    type=click.IntRange(0, 64),
    default=2,
    show_default=True,
    help="Processes that share the work; 0: those that run on replay-NAME already.",
)
@click.option("--learner", is_flag=True, help="Also run the learner, and wait until all is learned.")
@click.option("--run", "name", callback=_name, help="A name for this run's topics; default: the time.")
@click.option("--fresh", is_flag=True, help="Empty the topics of a used name first.")
@click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), help="Keep the embedded broker's data here."
)
@broker_option
@json_option
def command(
    source: str,
    paths: tuple[Path, ...],
    outcomes: Path | None,
    speed: float | None,
    limit: int | None,
    workers: int,
    learner: bool,
    name: str,
    fresh: bool,
    folder: Path | None,
    broker: str | None,
    as_json: bool,
) -> None:
    """Play a recording through Kafka and workers, wait until all is processed, and account for every record.

    Records go to topics of their own, replay-NAME.*, on a broker that is started for the run and then forgotten, unless
    --folder or --broker is given.

    \b
    Sources:
        physionet2012   the challenge's tar.gz, a folder of its files or the one above it; without PATH as sample
        stress-predict  participants-02-15.csv.gz
        fitbit          a folder of tables, NAME_hr.csv.zip and NAME_steps.csv.zip, or the tables
        events          an events.jsonl
        sample          twenty stays of physionet2012 that come with Vigil

    Exit status 0 says: all was published and processed, each reading has exactly one output. Ctrl-C or SIGTERM ends it
    early, with the account of what was done until then and status 130; a second one ends it at once.

    \b
    Example:
        vigil replay physionet2012 set-a.tar.gz --speed max --json
        vigil replay fitbit A36HR6Y_hr.csv.zip A36HR6Y_steps.csv.zip
    """
    recording = open_recording(source, paths, outcomes, limit)
    if recording.unreadable:
        click.echo(f"vigil: {_passed_over(recording.unreadable)}", err=True)
    prefix = f"replay-{name}"
    if not as_json:
        click.echo(f"{recording.remark}\ntopics {prefix}.*")
    with running(prefix, broker=broker, folder=folder, workers=workers, fresh=fresh, learner=learner) as run:
        with ProgressBar() as progress:
            report = replay(run, recording, name, speed, progress)
        click.echo(msgspec.json.encode(report).decode() if as_json else _summary(report))
        if report.stopped_early:
            click.get_current_context().exit(_STOPPED)
        _insist(report)


def _passed_over(files: Sequence[str]) -> str:
    """One line that names the files, or as many as a line can hold."""
    more = f" and {len(files) - _NAMED_FILES:,} more (--json names all)" if len(files) > _NAMED_FILES else ""
    named = ", ".join(files[:_NAMED_FILES])
    return f"Files that are no stay or can't be read are passed over: {named}{more}."


def _insist(report: Report) -> None:
    """Ends the command where something did not happen that should have."""
    if report.missing or report.doubled:
        raise WorkersFailed(f"{report.missing} readings have no output and {report.doubled} have too many.")
    if report.refused:
        first = report.refused[0]
        raise CommandFailed(
            f"{len(report.refused)} records were refused by the broker; the first, {first.name}, is {first.reason}."
        )


def _summary(report: Report) -> str:
    rate = f"{report.panels_per_second:,.0f} readings/s"
    rows = [
        ("published", f"{report.published:,} records ({report.measurements:,} measurements), {report.ticks:,} ticks"),
        ("readings", f"{report.readings:,}"),
        ("processed", f"{report.processed:,} records in {report.seconds:.1f} s: {rate}"),
        ("assessments", f"{report.assessments:,}"),
        ("alerts", f"{report.alerts:,} revisions, {report.notified:,} notified"),
        ("recommendations", f"{report.recommendations:,}"),
        ("examples", f"{report.examples:,}"),
        *([] if report.model is None else [("model in force", described(report.model))]),
        *([] if report.stay_model is None else [("model of stays", described(report.stay_model))]),
        *[("no model yet", f"{model}: {why}") for model, why in report.unpublished.items()],
        ("dead letters", _by_kind(report.dead_letters)),
        ("skipped", _by_kind(report.skipped)),
        ("refused", f"{len(report.refused):,} by the broker"),
        ("missing, doubled", f"{report.missing:,}, {report.doubled:,}"),
    ]
    if report.stopped_early:
        rows[-1] = ("no output yet", f"{report.missing:,}; doubled {report.doubled:,}")
        rows.insert(0, ("stopped early", "this is what was done until then"))
    return "\n".join(f"{what:<17} {told}" for what, told in rows)


def _by_kind(counts: dict[str, int]) -> str:
    return ", ".join(f"{kind} {count:,}" for kind, count in Counter(counts).most_common()) or "none"
