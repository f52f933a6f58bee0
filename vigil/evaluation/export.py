"""Labelled stays as a table: what was asked, known, foretold and scored at each hour, and what came."""

from collections.abc import Sequence
from typing import IO

import numpy as np
import pandas as pd

from models.evaluation.contest import contests_by_hour, online_by_hour
from models.evaluation.figures import Predicted
from models.evaluation.row import Row
from models.evaluation.rules import RULES
from models.groups import GROUPS
from models.instants import moment_of
from models.risk.candidates import CANDIDATES
from models.risk.feature_sources import FeatureSource
from vigil.evaluation.choice import Chosen
from vigil.evaluation.hospital import Folded, fold_stays
from vigil.evaluation.options import Given
from vigil.evaluation.sets import open_sets
from vigil.recording import readable
from vigil.telling import ProgressBar


def export(
    learn: Sequence[Given],
    judge: Sequence[Given],
    chosen: Chosen,
    source: FeatureSource,
    out: IO[bytes],
    *,
    limit: int | None,
) -> dict[str, int]:
    """Writes the table as CSV in gzip, equal bytes for equal sets, and tells how large it is."""
    sets = open_sets(learn, judge, limit)
    with ProgressBar() as bar, readable():
        folded = fold_stays(sets, source, bar.folding)
    table = _table(folded, chosen, source)
    table.to_csv(out, index=False, compression={"method": "gzip", "mtime": 0})
    return {"rows": len(table), "columns": len(table.columns)}


def _table(folded: Folded, chosen: Chosen, source: FeatureSource) -> pd.DataFrame:
    """Hour by hour, the learned rows before the judged ones; columns are made whole, since some hours lack values."""
    learned, judged = folded.rows(judged=False), folded.rows(judged=True)
    rows: list[Row] = []
    foretold: dict[str, list[float]] = {name: [] for name in chosen.names}
    contests = contests_by_hour(learned, judged, source.names)
    online = {name: online_by_hour(contests, CANDIDATES[name], lambda: 0) for name in chosen.names}
    for hour, contest in contests.items():
        rows += [*contest.learned, *contest.judged]
        for name in chosen.names:
            foretold[name] += _foretold(online[name][hour][0])
    judged_patients = {row.patient_id for row in judged}
    about = pd.DataFrame(
        {
            "patient_id": [row.patient_id for row in rows],
            "hour": [row.hour for row in rows],
            "asked_at": [moment_of(row.asked_at).isoformat() for row in rows],
            "known_at": [moment_of(row.known_at).isoformat() for row in rows],
            "is_judged": [row.patient_id in judged_patients for row in rows],
            "label": [int(row.label) for row in rows],
            **{f"group.{name}": [row.groups[name] for row in rows] for name in GROUPS},
            **{f"score.{name}": [row.scores[name] for row in rows] for name in RULES},
            **{f"foretold.{name}": values for name, values in foretold.items()},
        }
    )
    known = np.reshape([row.features for row in rows], (len(rows), len(source.names)))
    return pd.concat([about, pd.DataFrame(known, columns=list(source.names))], axis=1)


def _foretold(predicted: Predicted) -> list[float]:
    assert predicted.before is not None
    return [*predicted.before.tolist(), *predicted.values.tolist()]
