"""One contest: the same questions to online models, to models fitted at once, and to fixed rules.

There is one at each hour. A model that is told the hour answers in all of them as one.
"""

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
from models.risk.stay_features import ELAPSED

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
        return self.predicted(values[:before], values[before:], is_probability=True), cost, model

    def fitted(self, peers: Sequence[str] = tuple(PEERS)) -> dict[str, Predicted]:
        """What each peer says that is fitted at once; one that can't be fitted is left out."""
        found = {name: fitted_prediction(PEERS[name], self.learned, self.judged) for name in peers}
        return {name: predicted for name, predicted in found.items() if predicted is not None}

    def rules(self) -> dict[str, Predicted]:
        """What each fixed rule says; its threshold is chosen as for an online model."""
        names = dict.fromkeys(name for row in (*self.learned, *self.judged) for name in row.scores)
        return {
            name: self.predicted(_said(self.learned, name), _said(self.judged, name), is_probability=False)
            for name in names
        }

    def figures(self, predictors: Mapping[str, Predicted], judged: str) -> dict[str, Figures]:
        """How well each did on the judged rows."""
        return figures_of(predictors, judged, sample_of_rows(self.judged))

    def predicted(self, before: Floats, judged: Floats, *, is_probability: bool) -> Predicted:
        """What was said of the learned rows and of the judged ones, with the threshold that follows."""
        later = np.arange(len(before)) >= len(before) // 2
        usable = later & ~np.isnan(before)
        threshold = balanced_threshold(before[usable], sample_of_rows(self.learned).part(usable))
        return Predicted(values=judged, before=before, threshold=threshold, is_probability=is_probability)


Answers = tuple[Predicted, Cost, Candidate]
"""What an online model foretold, what that cost, and the model as it was in the end."""


def contests_by_hour(learned: Sequence[Row], judged: Sequence[Row], names: Sequence[str]) -> dict[int, Contest]:
    """The contest at each hour of the rows, in order of the hours."""
    hours = sorted({row.hour for row in (*learned, *judged)})
    return {
        hour: Contest(
            learned=[row for row in learned if row.hour == hour],
            judged=[row for row in judged if row.hour == hour],
            names=names,
        )
        for hour in hours
    }


def online_by_hour(
    contests: Mapping[int, Contest], begin: type[Candidate], clock: Clock, seen: Callable[[], None] = lambda: None
) -> dict[int, Answers]:
    """One model for each contest or, if the features tell the hour, one that answers and learns in all of them."""
    parts = list(contests.values())
    if not parts or ELAPSED not in parts[0].names:
        return {hour: contest.online(begin, clock, seen) for hour, contest in contests.items()}
    whole = Contest(
        learned=[row for contest in parts for row in contest.learned],
        judged=[row for contest in parts for row in contest.judged],
        names=parts[0].names,
    )
    model = begin(whole.names)
    values, cost = progressive(model, [*whole.learned, *whole.judged], whole.names, clock, seen)
    learned, judged = values[: len(whole.learned)], values[len(whole.learned) :]
    found: dict[int, Answers] = {}
    for hour, contest in contests.items():
        before, learned = learned[: len(contest.learned)], learned[len(contest.learned) :]
        own, judged = judged[: len(contest.judged)], judged[len(contest.judged) :]
        found[hour] = contest.predicted(before, own, is_probability=True), cost, model
    return found


def _said(rows: Sequence[Row], name: str) -> Floats:
    said = [row.scores.get(name) for row in rows]
    return np.array([float("nan") if value is None else value for value in said])
