"""The model card says what stands on the log, warns where it must, and leaves nothing out."""

import re
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from models import codec
from models.events import Learned, ModelPublished, ModelWithdrawn, Quality, Subgroup, Weight
from models.risk.features import LAYOUT, NAMES
from models.risk.stay_features import MEASURED, sign_of
from models.risk.stay_features import NAMES as STAY_NAMES
from tests.stays import published
from vigil.model_card import Card, card_of
from vigil.model_card_page import STAY_WORDS, WORDS, page
from vigil.published_models import ModelLog

AT = datetime(2026, 11, 21, 3, tzinfo=UTC)
GOOD = Quality(examples=4000, positives=300, auroc=0.83, news2_auroc=0.78, brier=0.05, log_loss=0.2, expected=290.0)
WOMEN = Subgroup(grouping="sex", group="female", quality=GOOD, low=0.8, high=0.86, falls_behind=False)
MEN = Subgroup(grouping="sex", group="male", quality=GOOD, low=0.6, high=0.7, falls_behind=True)


def model(version: int = 4711, **changes: Any) -> ModelPublished:
    weights = [
        Weight(feature="heart_rate.high", weight=0.4, mean=0.5, spread=0.8),
        Weight(feature="heart_rate.missing", weight=-0.05, mean=0.1, spread=0.3),
        Weight(feature="lactate.missing", weight=-0.6, mean=0.7, spread=0.46),
    ]
    fields = {
        "version": version,
        "at": AT,
        "by": "learner",
        "intercept": -3.0,
        "weights": weights,
        "quality": GOOD,
        "learned": Learned(examples=5000, positives=350, since=AT, until=AT),
        "subgroups": [WOMEN],
    }
    return ModelPublished(**fields | changes)


def card(**changes: Any) -> Card:
    return card_of(model(**changes), is_in_force=True, withdrawn=None)


def test_a_good_model_has_a_card_without_warnings_that_says_all_there_is() -> None:
    told = page(card())

    assert card().warnings == []
    for said in (
        "assists clinicians and never replaces them",
        "raises, lowers, delays and closes no alert",
        "16 or over",
        "5,000 examples",
        "| AUROC | 0.830 | 0.780 |",
        "| sex female | 4,000 | 300 | 290.0 | 0.830 | 0.800 to 0.860 | 0.780 |  |",
        "| heart rate | 90% | 0.40 | ▲ above the usual +0.40, ▼ not known -0.05 |",
        "| lactate | 30% | 0.60 | ▼ not known -0.60 |",
        "Never measured in what it learned from, so it can't weigh it: age, ",
    ):
        assert said in told
    assert told.index("| lactate |") < told.index("| heart rate |")


@pytest.mark.parametrize(
    ("changes", "warning"),
    [
        ({"subgroups": [WOMEN, MEN]}, "It serves one group worse than all together: sex male."),
        ({"subgroups": None}, "Nobody told how well it serves each sex, age and care unit."),
        ({"learned": None}, "Nobody told what it learned from."),
        ({"quality": msgspec.structs.replace(GOOD, auroc=0.78)}, "It ranks patients no better than NEWS2 alone."),
        (
            {"quality": msgspec.structs.replace(GOOD, expected=400.0)},
            "It foretold 400 bad courses in its trials, and 300 came.",
        ),
        (
            {"quality": msgspec.structs.replace(GOOD, positives=30, expected=30.0)},
            "Only 30 courses turned bad in its trials: every figure may be chance.",
        ),
    ],
)
def test_what_a_person_must_know_first_is_a_warning(changes: dict[str, Any], warning: str) -> None:
    made = card(**changes)

    assert made.warnings == [warning]
    assert f"- {warning}\n" in page(made)


def test_a_version_that_tells_nothing_but_its_weights_has_a_card_too() -> None:
    nothing = Quality(examples=0, positives=0, auroc=None, news2_auroc=None, brier=None, log_loss=None)

    told = page(card(quality=nothing, learned=None, subgroups=None, weights=[]))

    assert "Not told." in told
    assert "| AUROC | - | - |" in told


def test_every_feature_has_words() -> None:
    assert {name.partition(".")[2] for name in NAMES} == set(WORDS)


def test_every_sign_is_weighed_or_said_to_be_missing() -> None:
    made = card()

    assert {each.sign for each in made.weights} | set(made.never_measured) == {name for name, _ in LAYOUT}


def test_every_table_is_one() -> None:
    for block in re.findall(r"(?:^\|.*\n)+", page(card(subgroups=[WOMEN, MEN])), re.MULTILINE):
        assert len({line.count("|") for line in block.splitlines()}) == 1


def test_a_log_tells_what_workers_score_with_and_can_go_back_to() -> None:
    log = ModelLog()
    for version in (1, 2, 3, 3, 4):
        log.take(codec.encode(model(version)))
    log.take(codec.encode(model(9, weights=[Weight(feature="hair", weight=1.0, mean=0.0, spread=1.0)])))
    log.take(b"garbage")
    assert (list(log.published), log.kept, log.in_force) == ([1, 2, 3, 4], [2, 3, 4], 4)

    log.take(codec.encode(ModelWithdrawn(version=4, at=AT, by="dr-3", reason="another ward")))

    assert (log.kept, log.in_force) == ([2, 3], 3)
    assert [each.withdrawn_by for each in log.versions()] == [None, None, None, "dr-3"]
    withdrawn = page(card_of(log.published[4], is_in_force=False, withdrawn=log.withdrawn[4]))
    assert "Withdrawn by dr-3 at 2026-11-21 03:00 UTC: another ward" in withdrawn


# --- The model of stays -----------------------------------------------------------------------------------------------


def stay_card(**changes: Any) -> Card:
    told = msgspec.structs.replace(published(7), quality=GOOD, subgroups=[WOMEN], **changes)
    return card_of(told, is_in_force=True, withdrawn=None)


def test_a_model_of_stays_has_a_card_of_its_own() -> None:
    made = stay_card(learned=Learned(examples=5000, positives=350, since=AT, until=AT))
    told = page(made)

    for said in (
        "# Model card: version 7 of the stay model",
        "assists clinicians and never replaces them",
        "What: Death before this stay ends.",
        "5,000 examples, each one of the hours of a stay",
        "| AUROC | 0.830 | 0.780 |",
        "a curve over newest values and means",
        "Sex is a feature.",
    ):
        assert said in told
    assert {each.sign for each in made.weights} >= {"heart_rate", "lactate", "age", "sex", "care_unit"}
    assert set(made.never_measured) == set(MEASURED) - {"heart_rate", "lactate"}
    assert re.search(r"\| lactate \| \d\d% \|", told)


def test_every_feature_of_a_stay_has_words() -> None:
    fields = {name.partition(".")[2] or sign_of(name) for name in STAY_NAMES}

    assert fields <= set(WORDS | STAY_WORDS)
    assert set(STAY_WORDS) <= fields


def test_each_model_has_versions_of_its_own() -> None:
    near_term, stays = ModelLog("deterioration"), ModelLog("stay")
    withdrawn = ModelWithdrawn(version=5, model="stay", at=AT, by="dr-3", reason="another ward")
    for record in (model(3), published(4), published(5), model(6), withdrawn):
        near_term.take(codec.encode(record))
        stays.take(codec.encode(record))

    assert (near_term.kept, stays.kept) == ([3, 6], [4])
    assert list(stays.withdrawn) == [5]
