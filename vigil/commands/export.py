"""Write features, labels and scores of labelled stays as one table."""

import time
from collections.abc import Sequence
from pathlib import Path

import click

from vigil.evaluation.options import Given, judge_option, learn_option, limit_option
from vigil.options import json_option


@click.command()
@learn_option
@judge_option
@click.argument("file", metavar="FILE.csv.gz", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--model",
    "models",
    multiple=True,
    help="What this online model foretold; may be repeated. Default: the default model.",
)
@click.option("--features", default=None, help="Which set of features to write.")
@limit_option
@json_option
def command(
    learn: Sequence[Given],
    judge: Sequence[Given],
    file: Path,
    models: Sequence[str],
    features: str | None,
    limit: int | None,
    as_json: bool,
) -> None:
    """Write one row for each stay and hour at which it was asked about: features, label, scores, predictions.

    The rows are those of `vigil evaluate physionet2012`, so whatever is fitted on them elsewhere can be held against
    what Vigil's own models foretold in the stream. What is not known is empty. Read it with pandas.read_csv(FILE).

    \b
    Example:
        vigil export --learn set-a.tar.gz:Outcomes-a.txt --judge set-b.tar.gz:Outcomes-b.txt stays.csv.gz
    """
    import json

    from vigil.evaluation.choice import STAY_MODEL, chosen_features, chosen_models
    from vigil.evaluation.export import export
    from vigil.whole_file import whole_file

    began = time.monotonic()
    if file.suffixes[-2:] != [".csv", ".gz"]:
        raise click.BadParameter(f"{file} must end in .csv.gz, which is what will be in it.")
    chosen, source = chosen_models(models, every=False, default=STAY_MODEL), chosen_features(features)
    with whole_file(file) as out:
        written = export(learn, judge, chosen, source, out, limit=limit)
    told = {**written, "file": str(file), "seconds": round(time.monotonic() - began, 1)}
    rows = f"{written['rows']:,} rows of {written['columns']:,} columns are in {file}."
    click.echo(json.dumps(told) if as_json else rows)
