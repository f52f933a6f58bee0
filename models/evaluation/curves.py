"""Curves to be looked at: what a predictor would reach at every threshold on the rows themselves."""

import numpy as np
from sklearn.metrics import precision_recall_curve, roc_curve

from models.evaluation.sample import Floats, Sample

Curve = list[tuple[float, float]]


def roc(predicted: Floats, sample: Sample) -> Curve:
    """Sensitivity over the share of false calls among what did not turn bad."""
    false_calls, sensitivity, _ = roc_curve(sample.labels, predicted)
    return _points(false_calls, sensitivity)


def precision_recall(predicted: Floats, sample: Sample) -> Curve:
    """Positive predictive value over sensitivity, from the lowest sensitivity on."""
    precision, recall, _ = precision_recall_curve(sample.labels, predicted)
    return _points(recall[-2::-1], precision[-2::-1])


def called(predicted: Floats, sample: Sample) -> Curve:
    """Which share of all rows is called over the sensitivity that it gives."""
    order = np.argsort(-predicted, kind="stable")
    ends = np.flatnonzero(np.append(predicted[order][1:] != predicted[order][:-1], True))
    found = np.cumsum(sample.labels[order])[ends] / max(sample.labels.sum(), 1)
    return _points(np.append(0.0, found), np.append(0.0, (ends + 1) / len(predicted)))


def _points(across: Floats, up: Floats) -> Curve:
    return list(zip(across.tolist(), up.tolist(), strict=True))
