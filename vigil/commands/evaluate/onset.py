"""Onsets of illness that a watch's resting heart rate foretold."""

from collections import Counter
from contextlib import nullcontext
from pathlib import Path

import click
import msgspec

from models.evaluation.onset import Figures
from models.evaluation.proportion import Share
from vigil.evaluation.onset import OnsetReport, courses, report, source_of
from vigil.evaluation.onset_page import onset_page
from vigil.evaluation.options import report_option
from vigil.options import json_option
from vigil.recording import readable
from vigil.telling import ProgressBar
from vigil.whole_file import whole_file


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--onset",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="Table of user and symptom_onset_date.",
)
@report_option
@json_option
def command(folder: Path, onset: Path, page: Path | None, as_json: bool) -> None:
    """Say how many onsets of illness had an alarm before them, at which cost, and what chance would give.

    FOLDER holds a table of heart rates and one of steps for each person, as Fitbit exports them: CSV, in a zip or
    plain. Each day's resting heart rate is judged before the next day is known. A false alarm day is one outside
    [-7, +21] days of the person's onset; an alarm that goes on is one alarm, on the day on which it begins.

    \b
    Example:
        vigil evaluate onset fitbit/ --onset fitbit/onset.csv --report onset.html
    """
    with nullcontext() if page is None else whole_file(page) as out:
        skipped: Counter[str] = Counter()
        with readable(), ProgressBar() as progress:
            source, left_out = source_of(folder, onset, skipped)
            found = list(courses(source, skipped, progress.folding))
        told = report(found, source, left_out, skipped)
        if out is not None:
            out.write(onset_page(told, found).encode())
    click.echo(msgspec.json.encode(told).decode() if as_json else _summary(told))


def _summary(told: OnsetReport) -> str:
    rows = [
        ("people", f"{told.people:,}, of {told.onsets:,} the onset is known"),
        *_figures("as raised in the stream", told.as_raised),
        *_figures("at 1 false alarm day in 30", told.at_one_false_alarm_day_in_30),
        ("alarm days", ""),
        *(
            (f"  {user}", ", ".join(_day(at.day, at.from_onset) for at in person.alarm_days) or "none")
            for user, person in told.alarm_days.items()
        ),
        ("skipped", ", ".join(f"{what} {count:,}" for what, count in told.skipped.items()) or "none"),
    ]
    rows += [("left out", f"{file} {why}") for file, why in told.left_out.items()]
    if told.onsets_without_a_day_judged:
        rows.append(("not judged", ", ".join(told.onsets_without_a_day_judged)))
    return "\n".join(f"{what:<28} {text}".rstrip() for what, text in rows)


def _figures(title: str, found: Figures) -> list[tuple[str, str]]:
    rate = found.false_alarm_rate
    cost = "no day outside" if rate is None else f"one in {1 / rate:.0f}" if rate else "none"
    return [
        (title, f"{found.false_alarm_days:,} false alarm days in {found.days_outside:,} ({cost})"),
        ("  alarm in [-7, 0]", _share(found.before, found.chance_before)),
        ("  alarm in [-7, +7]", _share(found.around, found.chance_around)),
    ]


def _share(found: Share, chance: float | None) -> str:
    if found.share is None:
        return "no onset to tell"
    by_chance = "unknown" if chance is None else f"{chance:.2f}"
    return f"{found.hits} of {found.of}: {found.share:.2f} ({found.low:.2f} to {found.high:.2f}), by chance {by_chance}"


def _day(day: str, from_onset: int | None) -> str:
    return day if from_onset is None else f"{day} ({from_onset:+d})"
