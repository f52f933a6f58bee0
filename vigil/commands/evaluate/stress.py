"""Stress told from rest by a wearable's heart and respiratory rate."""

from contextlib import nullcontext
from pathlib import Path

import click
import msgspec

from vigil.evaluation.options import report_option
from vigil.evaluation.stress import SCORES, StressReport, evaluate_stress, read_stress
from vigil.evaluation.stress_page import stress_page
from vigil.options import json_option
from vigil.recording import readable
from vigil.whole_file import whole_file


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@report_option
@json_option
def command(file: Path, page: Path | None, as_json: bool) -> None:
    """Say how well arousal tells stress from rest within each person, second by second.

    FILE is the Stress-Predict data set's table, or one like it: Participant, Time(sec), HR, respr, and Label, which is
    1 in a stress task and 0 at rest; CSV, in gzip or plain. Each second is scored before the next one is known.

    \b
    Example:
        vigil evaluate stress participants-02-15.csv.gz
    """
    with nullcontext() if page is None else whole_file(page) as out:
        with readable():
            told = evaluate_stress(read_stress(file))
        if out is not None:
            out.write(stress_page(told).encode())
    click.echo(msgspec.json.encode(told).decode() if as_json else _summary(told))


def _summary(told: StressReport) -> str:
    rows = [("people", f"{told.people:,}, {told.seconds:,} seconds, {told.seconds_of_stress:,} of them stress")]
    for name, title in SCORES.items():
        mean = told.mean_auroc[name]
        rows.append((title, f"AUROC {mean.value:.3f} ({mean.low:.3f} to {mean.high:.3f})"))
    if told.one_class_only:
        rows.append(("of one class only", ", ".join(told.one_class_only)))
    rows.append(("skipped", ", ".join(f"{what} {count:,}" for what, count in told.skipped.items()) or "none"))
    return "\n".join(f"{what:<52} {text}" for what, text in rows)
