"""Where to call: a threshold that is chosen on rows that are not judged.

Score1 = min(sensitivity, PPV) is greatest where both are equal, which is where as many are called as turned bad. That
point is steadier from sample to sample than the highest point of the sample's own curve.
"""

import numpy as np

from models.evaluation.sample import Floats, Sample


def balanced_threshold(predicted: Floats, sample: Sample) -> float | None:
    """The highest threshold at which at least as many are called as turned bad; None when only one outcome came."""
    if not sample.is_of_both:
        return None
    return float(np.sort(predicted)[-int(sample.labels.sum())])
