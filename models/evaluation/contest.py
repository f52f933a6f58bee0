"""One contest: the same questions to online models, to models fitted at once, and to fixed rules."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from msgspec import Struct

from models.evaluation.batch import PEERS, fitted_prediction
from models.evaluation.figures import Figures, Predicted, figures_of
from models.evaluation.progressive import Clock, Cost, progressive
from models.evaluation.row import Row, sample_of_rows
from models.evaluation.sample import Floats
from models.evaluation.threshold import balanced_threshold
from models.risk.candidate import Candidate

ONLINE = "online/"
"""Before the name of an online model, since a model fitted at once may have the same."""


class Contest(Struct, frozen=True, kw_only=True):
    """Rows that are only learned from, rows that are judged (each in the order of asking), and the features' names."""

    learned: Sequence[Row]
    judged: Sequence[Row]
    names: Sequence[str]

    def online(
        self, begin: type[Candidate], clock: Clock, seen: Callable[[], None] = lambda: None
    ) -> tuple[Predicted, Cost, Candidate]:
        """One pass over all rows, the learned ones first; the threshold is that of the later half of these."""
        model = begin(self.names)
        values, cost = progressive(model, [*self.learned, *self.judged], self.names, clock, seen)
        before = len(self.learned)
        return self._predicted(values[:before], values[before:], is_probability=True), cost, model

    def fitted(self, peers: Sequence[str] = tuple(PEERS)) -> dict[str, Predicted]:
        """What each peer says that is fitted at once; one that can't be fitted is left out."""
        found = {name: fitted_prediction(PEERS[name], self.learned, self.judged) for name in peers}
        return {name: predicted for name, predicted in found.items() if predicted is not None}

    def rules(self) -> dict[str, Predicted]:
        """What each fixed rule says; its threshold is chosen as for an online model."""
        names = dict.fromkeys(name for row in (*self.learned, *self.judged) for name in row.scores)
        return {
            name: self._predicted(_said(self.learned, name), _said(self.judged, name), is_probability=False)
            for name in names
        }

    def figures(self, predictors: Mapping[str, Predicted], judged: str) -> dict[str, Figures]:
        """How well each did on the judged rows."""
        return figures_of(predictors, judged, sample_of_rows(self.judged))

    def _predicted(self, before: Floats, judged: Floats, *, is_probability: bool) -> Predicted:
        later = np.arange(len(before)) >= len(before) // 2
        usable = later & ~np.isnan(before)
        threshold = balanced_threshold(before[usable], sample_of_rows(self.learned).part(usable))
        return Predicted(values=judged, before=before, threshold=threshold, is_probability=is_probability)


def _said(rows: Sequence[Row], name: str) -> Floats:
    said = [row.scores.get(name) for row in rows]
    return np.array([float("nan") if value is None else value for value in said])
