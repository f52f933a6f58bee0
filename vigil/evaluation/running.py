"""Evaluations from what a person gave to what was found, with their progress told on a terminal."""

import time
from collections.abc import Sequence
from typing import TypedDict

from models.evaluation.deterioration import Deteriorations
from models.risk.feature_sources import SOURCES, FeatureSource
from vigil.errors import CommandFailed
from vigil.evaluation import deterioration_report, mortality_report
from vigil.evaluation.choice import DEFAULT_FEATURES, Chosen
from vigil.evaluation.deterioration import foretell
from vigil.evaluation.hospital import fold_stays
from vigil.evaluation.mortality import Work, contest_by_hour
from vigil.evaluation.options import Given
from vigil.evaluation.sets import StaySet, counts_of, open_sets
from vigil.recording import readable
from vigil.telling import ProgressBar


def evaluate_mortality(
    learn: Sequence[Given],
    judge: Sequence[Given],
    chosen: Chosen,
    features: FeatureSource,
    *,
    limit: int | None,
    began: float,
) -> mortality_report.Outcome:
    """Folds all sets, then holds the contest at each hour; `began` is when by the monotonic clock."""
    sets = open_sets(learn, judge, limit)
    with ProgressBar() as bar:
        with readable():
            folded = fold_stays(sets, features, bar.folding)
        work = Work(model=chosen.names[0], others=chosen.names[1:], peers=chosen.peers, names=features.names)
        hours = contest_by_hour(folded.rows(judged=False), folded.rows(judged=True), work, bar.asking)
    if not hours:
        raise CommandFailed("Nobody in --judge could be asked about: NEWS2 is for no one in it. Give stays of adults.")
    return mortality_report.Outcome(
        model=chosen.names[0],
        features=features.name,
        **_told_of(sets),
        hours=hours,
        counts=dict(sorted((counts_of(sets) + folded.counts).items())),
        seconds=round(time.monotonic() - began, 1),
    )


def evaluate_deterioration(
    learn: Sequence[Given], judge: Sequence[Given], chosen: Chosen, *, limit: int | None, began: float
) -> deterioration_report.Outcome:
    """Folds all sets, then asks the models what the fold asked."""
    sets = open_sets(learn, judge, limit, asks_of_death=False)
    seen = Deteriorations()
    with ProgressBar() as bar:
        with readable():
            folded = fold_stays(sets, SOURCES[DEFAULT_FEATURES], bar.folding, seen.see, hours=())
        found = foretell(folded, seen, chosen, bar.asking)
    return deterioration_report.Outcome(
        **_told_of(sets),
        found=found,
        counts=dict(sorted((counts_of(sets) + folded.counts + folded.dropped + seen.counts).items())),
        seconds=round(time.monotonic() - began, 1),
    )


class _Told(TypedDict):
    learned_from: list[str]
    judged_on: list[str]
    unreadable: list[str]


def _told_of(sets: Sequence[StaySet]) -> _Told:
    """Which sets were used, and which of their files could not be."""
    return {
        "learned_from": [str(each.data) for each in sets if not each.is_judged],
        "judged_on": [str(each.data) for each in sets if each.is_judged],
        "unreadable": [name for each in sets for name in each.source.unreadable],
    }
