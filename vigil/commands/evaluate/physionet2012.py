"""In-hospital death, foretold from the stays of the PhysioNet Challenge 2012."""

import time
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

import click

from vigil.evaluation.options import Given, judge_option, learn_option, limit_option, model_option, report_option
from vigil.options import json_option


@click.command()
@learn_option
@judge_option
@model_option
@click.option("--all-models", is_flag=True, help="Every online model and every peer; takes minutes more.")
@click.option("--features", default=None, help="Which set of features the models look at.")
@limit_option
@report_option
@json_option
def command(
    learn: Sequence[Given],
    judge: Sequence[Given],
    models: Sequence[str],
    all_models: bool,
    features: str | None,
    limit: int | None,
    page: Path | None,
    as_json: bool,
) -> None:
    """Foretell in-hospital death at hours 6, 12, 24, 36 and 48, and tell how well.

    One online pass over every --learn in order, then over every --judge: each question is answered by the model as it
    is then, and an outcome teaches only when its stay has ended. DATA is a folder or a tar.gz of stays, OUTCOMES the
    table that goes with it. Models that are fitted at once, NEWS2 and other scores stand beside.

    \b
    Example:
        vigil evaluate physionet2012 --learn set-a.tar.gz:Outcomes-a.txt \\
            --judge set-b.tar.gz:Outcomes-b.txt --report death.html
    """
    from vigil.evaluation import mortality_report
    from vigil.evaluation.choice import STAY_MODEL, chosen_features, chosen_models
    from vigil.evaluation.running import evaluate_mortality
    from vigil.whole_file import whole_file

    began = time.monotonic()
    work = chosen_models(models, every=all_models, default=STAY_MODEL), chosen_features(features)
    with nullcontext() if page is None else whole_file(page) as out:
        found = evaluate_mortality(learn, judge, *work, limit=limit, began=began)
        if out is not None:
            out.write(mortality_report.as_page(found).encode())
    click.echo(mortality_report.as_json(found).decode() if as_json else mortality_report.summary(found))
