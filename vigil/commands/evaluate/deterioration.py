"""A NEWS2 of 7 or more within 6 hours, foretold while it is below 7."""

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
@click.option("--all-models", is_flag=True, help="Every online model beside the default one; takes minutes more.")
@limit_option
@report_option
@json_option
def command(
    learn: Sequence[Given],
    judge: Sequence[Given],
    models: Sequence[str],
    all_models: bool,
    limit: int | None,
    page: Path | None,
    as_json: bool,
) -> None:
    """Foretell a NEWS2 of 7 or more within the next 6 hours, asked only while it is below 7, and tell how well.

    The questions and their answers are those from which the learner learns in production. Beside the model stand NEWS2
    itself as it is at that moment and models fitted at once; alarms a patient-day and lead time are told at
    sensitivities of .5, .7 and .9. Sets are given as for `vigil evaluate physionet2012`.

    \b
    Example:
        vigil evaluate deterioration --learn set-a.tar.gz:Outcomes-a.txt \\
            --judge set-b.tar.gz:Outcomes-b.txt --report deterioration.html
    """
    from vigil.evaluation import deterioration_report
    from vigil.evaluation.choice import chosen_models
    from vigil.evaluation.running import evaluate_deterioration
    from vigil.whole_file import whole_file

    began = time.monotonic()
    chosen = chosen_models(models, every=all_models)
    with nullcontext() if page is None else whole_file(page) as out:
        found = evaluate_deterioration(learn, judge, chosen, limit=limit, began=began)
        if out is not None:
            out.write(deterioration_report.as_page(found).encode())
    click.echo(deterioration_report.as_json(found).decode() if as_json else deterioration_report.summary(found))
