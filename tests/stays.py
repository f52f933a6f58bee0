"""Stays that were made up, and a model that learned from them."""

import math
import random
from datetime import UTC, datetime
from functools import cache

from models.events import ModelPublished, Quality
from models.risk.bayesian import BayesianLogisticRegression
from models.risk.stay_features import CURVED, ELAPSED, complete
from models.risk.stay_model import Form, form_of

MARKS = (6.0, 12.0, 24.0, 36.0, 48.0)
QUALITY = Quality(examples=9, positives=1, auroc=None, news2_auroc=None, brier=None, log_loss=None)


def stay(pick: random.Random) -> tuple[dict[str, float], bool]:
    """What was known of somebody at one of the hours, and whether that one died: of a fast heart, or of lactate."""
    rate, found = pick.gauss(85, 15), {ELAPSED: pick.choice(MARKS), "age": pick.gauss(60, 15)}
    found |= {"heart_rate.last": rate, "heart_rate.mean": rate + pick.gauss(0, 5), "heart_rate.count": 2.0}
    found |= {"heart_rate.age_hours": pick.random()}
    odds = (rate - 85) / 10 - 1
    if pick.random() < 0.5:
        lactate = pick.gauss(1, 0.3)
        found |= {"lactate.last": lactate, "lactate.mean": lactate, "lactate.age_hours": pick.random()}
        odds += 6 * abs(lactate - 1)
    return complete(found), pick.random() < 1 / (1 + math.exp(-odds))


@cache
def taught() -> BayesianLogisticRegression:
    """A small one, with landmarks."""
    model = BayesianLogisticRegression(CURVED, ELAPSED, MARKS, landmarks=30, after=100, straight=0.01)
    pick = random.Random(3)
    for _ in range(500):
        model.learn_one(*stay(pick))
    return model


@cache
def form() -> Form:
    """The same as it is published."""
    return form_of(taught().expected(), MARKS, taught().width)


def published(version: int) -> ModelPublished:
    """The same as a record of the log."""
    told = form()
    return ModelPublished(
        version=version,
        model="stay",
        at=datetime(2026, 11, 21, tzinfo=UTC),
        by="learner",
        intercept=told.intercept,
        weights=told.weights,
        curve=told.curve,
        quality=QUALITY,
    )
