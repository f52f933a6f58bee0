"""Where to call: the threshold that did best on rows that are not judged."""

import numpy as np
from sklearn.metrics import precision_recall_curve

from models.evaluation.sample import Floats, Sample


def best_threshold(predicted: Floats, sample: Sample) -> float | None:
    """The threshold of the greatest Score1 = min(sensitivity, PPV) on these rows; of equals the highest.

    None when only one outcome came of them.
    """
    if not sample.is_of_both:
        return None
    precision, recall, thresholds = precision_recall_curve(sample.labels, predicted)
    reached = np.minimum(precision, recall)[:-1]
    best = np.flatnonzero(reached == reached.max())[-1]
    return float(thresholds[best])
