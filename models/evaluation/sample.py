"""What is judged: predictions beside what came, row by row, and to whom each row belongs."""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]


class Sample(Struct, frozen=True):
    """What came (`labels`), row by row, and whose row it is (`patients`, numbered from 0)."""

    labels: Flags
    patients: Numbers

    @property
    def is_of_both(self) -> bool:
        """Whether the worst came of some and not of all: without both no ranking can be judged."""
        return bool(self.labels.any() and not self.labels.all())

    def part(self, chosen: Flags) -> "Sample":
        """Some of the rows; patients keep their numbers."""
        return Sample(self.labels[chosen], self.patients[chosen])


def sample_of(labels: Sequence[bool], patients: Sequence[str]) -> Sample:
    """Rows as arrays; patients are numbered in the order in which they first come."""
    numbers = {patient: number for number, patient in enumerate(dict.fromkeys(patients))}
    return Sample(np.array(labels, dtype=bool), np.array([numbers[patient] for patient in patients], dtype=np.int64))
