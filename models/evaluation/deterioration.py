"""A NEWS2 of 7 or more within 6 hours, asked while it is below 7: the fold's own examples as questions and answers."""

from collections import Counter

from models.evaluation.row import Row, packed
from models.events import Assessment, Example, Output
from models.groups import groups_of
from models.instants import instant_of
from models.partition import PartitionFold
from models.risk.features import NAMES, complete
from models.risk.labels import HIGH_POINTS


class Deteriorations:
    """Collects examples as the fold tells them; whoever died or left before the horizon is counted and not asked.

    `firsts` says of each row whether the patient had never been at 7 or more when it was asked.
    """

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.firsts: list[bool] = []
        self.counts: Counter[str] = Counter()
        self._first_high: dict[str, int] = {}

    def see(self, fold: PartitionFold, output: Output) -> None:
        """Takes note of one output of the fold."""
        if isinstance(output, Assessment):
            points = None if output.news2 is None or output.amended else output.news2.known_points
            if points is not None and points >= HIGH_POINTS:
                self._first_high.setdefault(output.patient_id, instant_of(output.at))
        elif isinstance(output, Example):
            self._take(fold, output)

    def _take(self, fold: PartitionFold, example: Example) -> None:
        patient = fold.look_at(example.patient_id)
        if example.reason not in ("news2", "nothing") or patient is None:
            self.counts[f"example-ended-by-{example.reason}"] += 1
            return
        asked_at = instant_of(example.at)
        self.rows.append(
            Row(
                patient_id=example.patient_id,
                asked_at=asked_at,
                known_at=instant_of(example.known_at),
                label=example.label,
                features=packed(complete(example.features), NAMES),
                scores={"news2": float(example.known_points)},
                groups=groups_of(patient),
            )
        )
        self.firsts.append(self._first_high.get(example.patient_id, asked_at) >= asked_at)
