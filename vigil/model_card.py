"""What there is to say of one published model, from what is on the log and from nothing else."""

import math
from collections.abc import Callable, Mapping
from datetime import datetime

from msgspec import Struct

from models.events import Learned, ModelName, ModelPublished, ModelWithdrawn, Quality, Subgroup, Weight
from models.risk import stay_features
from models.risk.features import LAYOUT, MISSING
from models.risk.stay_features import sign_of

FORETELLS: dict[ModelName, str] = {
    "deterioration": "A NEWS2 of 7 or more, death, or deterioration told by an outcome, within 6 hours.",
    "stay": "Death before this stay ends.",
}
FOR_WHOM: dict[ModelName, str] = {
    "deterioration": "Monitored adults (16 or over, or of unknown age) who are below 7 points of NEWS2.",
    "stay": "Monitored adults in hospital (16 or over, or of unknown age), from 6 to 48 hours after admission.",
}
_NOT_FOR: dict[ModelName, str] = {
    "deterioration": "It is not for anybody under 16, nor in pregnancy, nor for who has 7 points already: "
    "of them nothing is foretold.",
    "stay": "It is not for anybody under 16, nor in pregnancy, nor at home, nor after 48 hours: of them "
    "nothing is foretold.",
}
_FIRST_LIMITS = (
    "It assists clinicians and never replaces them; it is not a medical device.",
    "It runs in the shadow: it is told in assessments, and raises, lowers, delays and closes no alert.",
)
_LIMITS = (
    "It knows who was measured, not why: a laboratory value that was asked for says something of who asked.",
    "Whoever was treated because of a score did better for it, and taught the model that the score was harmless.",
    "It learned from the patients of this log; on another ward it is a guess until it was tried there.",
    "Intervals take each example of a patient for another patient, and so are too narrow.",
)
_FEW_POSITIVES = 100
_OFF = 1.25  # By which factor more, or less, may come than was foretold.
_DECIMALS = 3


class GroupWeight(Struct, frozen=True):
    """What a model makes of one sign: of what share of examples it was known, and its features' log-odds a spread.

    `size` is the root of the sum of squares of these: how far the sign moves the log-odds of most patients.
    """

    sign: str
    known: float | None
    size: float
    features: dict[str, float]


class Card(Struct, frozen=True, kw_only=True):
    """One model's card."""

    model: ModelName
    version: int
    at: datetime
    by: str
    is_in_force: bool
    withdrawn: ModelWithdrawn | None
    foretells: str
    for_whom: str
    learned: Learned | None
    quality: Quality
    subgroups: list[Subgroup] | None
    weights: list[GroupWeight]
    never_measured: list[str]
    warnings: list[str]
    limits: tuple[str, ...]


def card_of(model: ModelPublished, *, is_in_force: bool, withdrawn: ModelWithdrawn | None) -> Card:
    """The card of a version."""
    weights = _WEIGHTS[model.model](model)
    return Card(
        model=model.model,
        version=model.version,
        at=model.at,
        by=model.by,
        is_in_force=is_in_force,
        withdrawn=withdrawn,
        foretells=FORETELLS[model.model],
        for_whom=FOR_WHOM[model.model],
        learned=model.learned,
        quality=model.quality,
        subgroups=model.subgroups,
        weights=sorted(weights, key=lambda each: -each.size),
        never_measured=sorted(_SIGNS[model.model] - {each.sign for each in weights if each.known != 0}),
        warnings=_warnings(model),
        limits=(*_FIRST_LIMITS, _NOT_FOR[model.model], *_LIMITS),
    )


def _weights(model: ModelPublished) -> list[GroupWeight]:
    """Every sign that was ever measured, or weighs anything, in the order of the features."""
    by_name = {weight.feature: weight for weight in model.weights}
    found = []
    for (name, fields), missing in zip(LAYOUT, MISSING, strict=True):
        measured = {field: by_name[f"{name}.{field}"] for field in fields if f"{name}.{field}" in by_name}
        flag = {"missing": by_name[missing]} if missing in by_name else {}
        if measured or flag:
            found.append(_group(name, measured | flag))
    return found


def _weights_of_stays(model: ModelPublished) -> list[GroupWeight]:
    """Every sign; what is not measured, such as age, is known wherever it was told."""
    by_sign: dict[str, dict[str, Weight]] = {}
    for weight in model.weights:
        by_sign.setdefault(sign_of(weight.feature), {})[weight.feature.partition(".")[2]] = weight
    return [_stay_group(sign, features) for sign, features in by_sign.items()]


def _stay_group(sign: str, features: Mapping[str, Weight]) -> GroupWeight:
    measured = features.get("measured")
    return GroupWeight(
        sign=sign,
        known=None if measured is None else round(measured.mean, _DECIMALS),
        size=_size(features),
        features={field or sign: round(each.weight, _DECIMALS) for field, each in features.items()},
    )


_WEIGHTS: dict[ModelName, Callable[[ModelPublished], list[GroupWeight]]] = {
    "deterioration": _weights,
    "stay": _weights_of_stays,
}
_SIGNS: dict[ModelName, set[str]] = {
    "deterioration": {name for name, _ in LAYOUT},
    "stay": set(stay_features.MEASURED),
}


def _size(features: Mapping[str, Weight]) -> float:
    return round(math.sqrt(math.fsum(each.weight**2 for each in features.values())), _DECIMALS)


def _group(name: str, features: Mapping[str, Weight]) -> GroupWeight:
    flag = features.get("missing")
    return GroupWeight(
        sign=name,
        known=1.0 if flag is None else round(1 - flag.mean, _DECIMALS),
        size=_size(features),
        features={field: round(each.weight, _DECIMALS) for field, each in features.items()},
    )


def _warnings(model: ModelPublished) -> list[str]:
    """What a person must know before trusting the figures."""
    quality, told = model.quality, []
    if quality.positives < _FEW_POSITIVES:
        told.append(f"Only {quality.positives} courses turned bad in its trials: every figure may be chance.")
    if quality.auroc is not None and quality.news2_auroc is not None and quality.auroc <= quality.news2_auroc:
        told.append("It ranks patients no better than NEWS2 alone.")
    if quality.expected is not None and not _is_calibrated(quality.expected, quality.positives):
        told.append(f"It foretold {quality.expected:,.0f} bad courses in its trials, and {quality.positives:,} came.")
    if model.learned is None:
        told.append("Nobody told what it learned from.")
    if not model.subgroups:
        told.append("Nobody told how well it serves each sex, age and care unit.")
    behind = [f"{each.grouping} {each.group}" for each in model.subgroups or () if each.falls_behind]
    return told + [f"It serves one group worse than all together: {group}." for group in behind]


def _is_calibrated(expected: float, came: int) -> bool:
    return came / _OFF <= expected <= came * _OFF
