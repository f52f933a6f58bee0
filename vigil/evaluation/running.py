"""Evaluations from what a person gave to what was found, with their progress told on a terminal."""

import time
from collections.abc import Sequence

from models.risk.feature_sources import FeatureSource
from vigil.errors import CommandFailed
from vigil.evaluation.choice import Chosen
from vigil.evaluation.hospital import Folded, fold_stays
from vigil.evaluation.mortality import Work, contest_by_hour
from vigil.evaluation.mortality_report import Outcome
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
) -> Outcome:
    """Folds all sets, then holds the contest at each hour; `began` is when by the monotonic clock."""
    sets = open_sets(learn, judge, limit)
    with ProgressBar() as bar:
        folded = folded_sets(sets, features, bar)
        work = Work(model=chosen.names[0], others=chosen.names[1:], has_peers=chosen.has_peers, names=features.names)
        hours = contest_by_hour(folded.rows(judged=False), folded.rows(judged=True), work, bar.asking)
    if not hours:
        raise CommandFailed("Nobody in --judge could be asked about: NEWS2 is for no one in it. Give stays of adults.")
    return Outcome(
        model=chosen.names[0],
        features=features.name,
        learned_from=[str(each.data) for each in sets if not each.is_judged],
        judged_on=[str(each.data) for each in sets if each.is_judged],
        hours=hours,
        counts=dict(sorted((counts_of(sets) + folded.counts).items())),
        unreadable=[name for each in sets for name in each.source.unreadable],
        seconds=round(time.monotonic() - began, 1),
    )


def folded_sets(sets: Sequence[StaySet], features: FeatureSource, bar: ProgressBar) -> Folded:
    """All sets through one fold."""
    with readable():
        return fold_stays(sets, features, bar.folding)
