"""A model's card in Markdown."""

from datetime import datetime

from models.events import Learned, ModelName, Quality, Subgroup
from models.risk.stay_features import BY_WINDOW, CARE_UNITS
from vigil.docs.table import table
from vigil.model_card import Card, GroupWeight
from vigil.published_models import figure

WORDS = {
    "known_points": "more points",
    "unknown_points": "more points not known",
    "decades": "older",
    "low": "below the usual",
    "high": "above the usual",
    "change": "above the patient's own usual",
    "age_hours": "measured longer ago",
    "log": "higher",
    "on": "on it",
    "not_alert": "not alert",
    "deficit": "further below 15",
    "above_air": "more than air",
    "missing": "not known",
}
"""What it means for a patient when a feature is above its mean."""
STAY_WORDS = {
    "last": "newest value higher",
    "first": "first value higher",
    "lowest": "lowest value higher",
    "highest": "highest value higher",
    "mean": "mean higher",
    "spread": "spread wider",
    "slope": "rising",
    "count": "measured more often",
    "age_hours": "measured longer ago",
    "measured": "measured at all",
    "age": "older",
    "sex": "female",
    "hours_of_stay": "here for longer",
    **{field: field.replace("_", " ").replace(" to ", "-") + " higher" for field in BY_WINDOW},
    **{unit: unit for unit in CARE_UNITS},
}
"""The same for the features of a stay."""
_LEAST_WEIGHT = 0.005
_MOST_TOLD = 4
_SEX: dict[ModelName, str] = {"deterioration": "Sex is no feature.", "stay": "Sex is a feature."}
_LEARNED_OF: dict[ModelName, str] = {"deterioration": "an hour of a patient", "stay": "one of the hours of a stay"}


def page(card: Card) -> str:
    """The whole card."""
    parts = [
        f"# Model card: version {card.version} of the {card.model} model\n",
        f"{card.limits[0]}\n",
        _standing(card),
        "## What it foretells, and for whom\n",
        f"- What: {card.foretells}\n- For whom: {card.for_whom}\n",
        "## What it learned from\n",
        _learned(card.learned, _LEARNED_OF[card.model]),
        "## How well it foretells\n",
        _quality(card.quality),
        *(["## Warnings\n", _listed(card.warnings)] if card.warnings else []),
        "## By sex and age\n",
        _subgroups(card.subgroups, card.quality),
        "## What it weighs\n",
        "Log-odds for each standard deviation, the weightiest sign first; ▲ raises the risk, ▼ lowers it.\n",
        *([_CURVE] if card.model == "stay" else []),
        table(("sign", "known in", "size", "what of it"), map(_weight, card.weights)) + "\n",
        "## What is missing\n",
        _missing(card.never_measured, card.model),
        "## Limits of use\n",
        _listed(list(card.limits)),
    ]
    return "\n".join(parts)


_CURVE = """\
Beside these weights there is a curve over newest values and means, which no list of weights can tell.
Each assessment tells what both together make of each sign of that patient.
"""


def _standing(card: Card) -> str:
    published = f"Published by {card.by}; the last label that it learned was known at {_time(card.at)}."
    if card.withdrawn is not None:
        return f"{published}\nWithdrawn by {card.withdrawn.by} at {_time(card.withdrawn.at)}: {card.withdrawn.reason}\n"
    return f"{published}\n{'It is in force.' if card.is_in_force else 'A later version is in force.'}\n"


def _learned(learned: Learned | None, each: str) -> str:
    if learned is None:
        return "Not told.\n"
    return (
        f"{learned.examples:,} examples, each {each}, looked at from {_time(learned.since)} "
        f"to {_time(learned.until)}; {learned.positives:,} turned bad.\n"
    )


def _quality(quality: Quality) -> str:
    rows = (
        ("AUROC", figure(quality.auroc), figure(quality.news2_auroc)),
        ("Brier score", figure(quality.brier), ""),
        ("log loss, nats", figure(quality.log_loss), ""),
        ("bad courses foretold", "-" if quality.expected is None else f"{quality.expected:,.1f}", ""),
        ("bad courses that came", f"{quality.positives:,}", ""),
    )
    told = f"{quality.examples:,} examples that it, or a version before it, foretold before anything of them was known."
    return f"{told}\n\n{table(('', 'this model', 'NEWS2 alone'), rows)}\n"


def _subgroups(subgroups: list[Subgroup] | None, whole: Quality) -> str:
    if not subgroups:
        return "Not told.\n"
    head = ("group", "examples", "turned bad", "foretold", "AUROC", "95 %", "NEWS2 alone", "")
    rows = [("all", *_figures(whole), figure(whole.auroc), "", figure(whole.news2_auroc), "")]
    for each in subgroups:
        interval = "too few" if each.low is None else f"{figure(each.low)} to {figure(each.high)}"
        quality = each.quality
        verdict = "**falls behind**" if each.falls_behind else ""
        told = (figure(quality.auroc), interval, figure(quality.news2_auroc), verdict)
        rows.append((f"{each.grouping} {each.group}", *_figures(quality), *told))
    return table(head, rows) + "\n"


def _figures(quality: Quality) -> tuple[str, str, str]:
    expected = "-" if quality.expected is None else f"{quality.expected:,.1f}"
    return f"{quality.examples:,}", f"{quality.positives:,}", expected


def _weight(found: GroupWeight) -> tuple[str, str, str, str]:
    features = sorted(found.features.items(), key=lambda each: -abs(each[1]))
    told = [
        f"{'▲' if weight > 0 else '▼'} {(WORDS | STAY_WORDS)[field]} {weight:+.2f}"
        for field, weight in features[:_MOST_TOLD]
        if abs(weight) >= _LEAST_WEIGHT
    ]
    known = "-" if found.known is None else f"{found.known:.0%}"
    return _words(found.sign), known, f"{found.size:.2f}", ", ".join(told) or "nothing"


def _missing(signs: list[str], model: ModelName) -> str:
    told = ", ".join(map(_words, signs)) or "nothing"
    return f"Never measured in what it learned from, so it can't weigh it: {told}.\n{_SEX[model]}\n"


def _listed(sentences: list[str]) -> str:
    return "".join(f"- {sentence}\n" for sentence in sentences)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
