"""Progressive validation: each question is answered by the model as it is then; a label teaches once it is known."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from msgspec import Struct

from models.evaluation.row import Row, unpacked
from models.evaluation.sample import Floats
from models.risk.candidate import Candidate

_ASK, _TEACH = 0, 1

Clock = Callable[[], int]
"""Nanoseconds of some clock, to tell what a model costs; this room has none of its own."""


class Cost(Struct, kw_only=True):
    """What a model took, on average."""

    predict_us: float
    learn_us: float


def progressive(
    model: Candidate, rows: Sequence[Row], names: Sequence[str], clock: Clock, seen: Callable[[], None] = lambda: None
) -> tuple[Floats, Cost]:
    """What was foretold of each row, in the order of the rows, and what that cost; `seen` is called at each step.

    A label that becomes known at the very instant of a question comes too late for it.
    """
    predicted = np.full(len(rows), np.nan)
    spent = [0, 0]
    for _, step, place in _steps(rows):
        row = rows[place]
        features = unpacked(row.features, names)
        began = clock()
        if step == _ASK:
            predicted[place] = model.predict(features)
        else:
            model.learn(features, row.label)
        spent[step] += clock() - began
        seen()
    count = max(len(rows), 1)
    return predicted, Cost(predict_us=spent[_ASK] / count / 1e3, learn_us=spent[_TEACH] / count / 1e3)


def _steps(rows: Sequence[Row]) -> Iterator[tuple[int, int, int]]:
    """When, whether to ask or to teach, and which row: in time order, of equals asking first, then by row."""
    asked = [(row.asked_at, _ASK, place) for place, row in enumerate(rows)]
    taught = [(row.known_at, _TEACH, place) for place, row in enumerate(rows)]
    yield from sorted(asked + taught)
