"""The options that ways to evaluate share."""

from collections.abc import Sequence
from pathlib import Path

import click

Given = tuple[Path, Path]
"""Where a labelled set lies, and where its outcomes lie."""


def _data_and_outcomes(
    _context: click.Context, _parameter: click.Parameter, values: Sequence[str]
) -> tuple[Given, ...]:
    """Takes DATA:OUTCOMES apart."""
    given = []
    for value in values:
        data, _, outcomes = value.rpartition(":")
        if not (data and outcomes):
            raise click.BadParameter(f"{value!r} is not DATA:OUTCOMES, as set-a.tar.gz:Outcomes-a.txt.")
        given.append((Path(data), Path(outcomes)))
    return tuple(given)


learn_option = click.option(
    "--learn",
    metavar="DATA:OUTCOMES",
    multiple=True,
    required=True,
    callback=_data_and_outcomes,
    help="Learn from this set, and do not judge on it; may be repeated, in order.",
)
judge_option = click.option(
    "--judge",
    metavar="DATA:OUTCOMES",
    multiple=True,
    required=True,
    callback=_data_and_outcomes,
    help="Judge on this set; may be repeated, in order.",
)
limit_option = click.option("--limit", type=click.IntRange(min=1), help="Only the first so many stays of each set.")
model_option = click.option(
    "--model", "models", multiple=True, help="This online model alone, without peers; may be repeated."
)
report_option = click.option(
    "--report",
    "page",
    metavar="FILE.html",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the figures with charts here, as one page that needs nothing else.",
)
