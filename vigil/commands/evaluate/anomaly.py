"""Anomalies in any series, in the layout of the Numenta Anomaly Benchmark."""

from collections import Counter
from contextlib import nullcontext
from pathlib import Path

import click
import msgspec

from vigil.errors import CommandFailed
from vigil.evaluation.anomaly import DETECTOR, AnomalyReport, JudgedFile, judge_files, read_labels, report, results_of
from vigil.evaluation.anomaly_page import anomaly_page
from vigil.evaluation.options import report_option
from vigil.options import json_option
from vigil.recording import readable
from vigil.telling import ProgressBar
from vigil.whole_file import whole_file


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--labels",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="The benchmark's combined_windows.json.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help=f"Write results below this folder, as {DETECTOR}/CATEGORY/{DETECTOR}_FILE.csv.",
)
@report_option
@json_option
def command(folder: Path, labels: Path, out: Path | None, page: Path | None, as_json: bool) -> None:
    """Score series of any kind for what stands out, row by row, as the Numenta Anomaly Benchmark reads it.

    FOLDER is the benchmark's data folder: CATEGORY/FILE.csv with timestamp and value. Each file is scored by a detector
    of its own, each row before the next is known, with nothing set for any file. Give --out the benchmark's results
    folder to run its own scorer on what is written there; the standing told here is by our reading of its rule.

    \b
    Example:
        vigil evaluate anomaly NAB/data --labels NAB/labels/combined_windows.json --out NAB/results
        cd NAB && python scripts/create_new_detector.py --detector vigil
        python run.py -d vigil --optimize --score --normalize
    """
    with nullcontext() if page is None else whole_file(page) as written:
        skipped: Counter[str] = Counter()
        left_out: dict[str, str] = {}
        with readable(), ProgressBar() as progress:
            found = list(judge_files(folder, read_labels(labels), left_out, skipped, progress.folding))
        if not found:
            name, why = next(iter(left_out.items()))
            raise CommandFailed(f"{folder} holds no series; {name} {why}: give files of timestamp and value.")
        if out is not None:
            _write(out, found)
        told = report(found, out, left_out, skipped)
        if written is not None:
            written.write(anomaly_page(told).encode())
    click.echo(msgspec.json.encode(told).decode() if as_json else _summary(told))


def _write(out: Path, found: list[JudgedFile]) -> None:
    for judged in found:
        path, text = results_of(judged)
        try:
            (out / path).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CommandFailed(f"{(out / path).parent} can't be made ({error.strerror}): see --out.") from error
        with whole_file(out / path) as file:
            file.write(text.encode())


def _summary(told: AnomalyReport) -> str:
    rows = [("files", f"{told.files:,}, {told.rows:,} rows, {told.windows:,} windows")]
    rows += [
        (
            name,
            "no window to find"
            if found.score is None
            else f"{found.score:.1f}: {found.windows_found:,} of {found.windows:,} windows found, "
            f"{found.false_detections:,} false detections",
        )
        for name, found in told.standing.items()
    ]
    rows += [
        (f"  {category}", f"{found.score:.1f}")
        for category, found in told.by_category.items()
        if found.score is not None
    ]
    rows.append(("results", told.results or "not written: see --out"))
    rows += [("left out", f"{file} {why}") for file, why in told.left_out.items()]
    rows.append(("skipped", ", ".join(f"{what} {count:,}" for what, count in told.skipped.items()) or "none"))
    return "\n".join(f"{what:<28} {text}" for what, text in rows)
