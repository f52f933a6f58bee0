"""What is named as the reason is the reason: without it the score is lower, and where parts add up, they do."""

import json
import math
import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models.detectors.half_space_trees import SIGNS_SEEN, PooledTrees
from models.events import Alert, Anomaly, Assessment, Driver, Risk
from models.partition import PartitionFold
from models.picture import Patient
from models.risk.features import LAYOUT, MEASURED, Known, named
from models.risk.model import OnlineModel, weights_of
from models.risk.prediction import Predictor

PATIENTS = 25
START = datetime(2026, 11, 21, tzinfo=UTC)
SIGNS = {
    "respiratory_rate": ("9279-1", "/min", (6, 9, 12, 16, 22, 26)),
    "oxygen_saturation": ("59408-5", "%", (85, 90, 92, 94, 97, 99)),
    "systolic_blood_pressure": ("8480-6", "mm[Hg]", (80, 95, 105, 120, 140, 225)),
    "heart_rate": ("8867-4", "/min", (38, 45, 60, 80, 105, 125, 140)),
    "temperature": ("8310-5", "Cel", (34.5, 35.5, 36.8, 38.4, 39.5)),
}
"""Those of NEWS2 that are measured: LOINC code, unit, and values of each of their bands."""
PLACES = {name: at for at, (name, _) in enumerate(LAYOUT)}
Values = dict[str, float]


# --- The learned risk -------------------------------------------------------------------------------------------------


def knowledge(pick: random.Random) -> Known:
    """What is known of somebody: some signs, each at some distance from its usual."""
    return {
        at: tuple(round(pick.gauss(0, 1.5), 3) for _ in fields)
        for at, (_, fields) in enumerate(LAYOUT)
        if at == 0 or pick.random() > 0.4
    }


def taught(pick: random.Random) -> OnlineModel:
    """A model that learned from people of whom some signs matter, and whether some were measured at all."""
    model = OnlineModel()
    for _ in range(1500):
        known = named(knowledge(pick))
        odds = known.get("heart_rate.high", 0) - known.get("glucose.low", 0) + ("lactate.log" in known) - 1
        model.learn(known, pick.random() < 1 / (1 + math.exp(-odds)))
    return model


@pytest.fixture(scope="module")
def model() -> OnlineModel:
    return taught(random.Random(8))


@pytest.fixture(scope="module")
def predictor(model: OnlineModel) -> Predictor:
    return Predictor(1, model.state().intercept, weights_of(model.state()))


def measured() -> Patient:
    """Somebody with a value of each sign, for the drivers to name."""
    patient = Patient("p", "live")
    for group in MEASURED:
        vital = patient.vital(group.code)
        vital.history = vital.history.adding(0, 1.0, 0)
    return patient


def log_odds(risk: Risk) -> float:
    assert risk.rest is not None
    return risk.rest + math.fsum(driver.effect for driver in risk.drivers)


def without(driver: Driver, known: Known, model: OnlineModel) -> list[Known]:
    """The same patient without that sign, and with it at the mean of those who had it."""
    name, place = driver.sign, PLACES[driver.sign]
    means = {feature: each.mean for feature, each in model.state().coefficients.items()}
    usual = tuple(means[f"{name}.{field}"] for field in LAYOUT[place][1])
    absent = {at: values for at, values in known.items() if at != place}
    return [absent, known | {place: usual}]


@pytest.mark.parametrize("seed", range(PATIENTS))
def test_the_effects_and_the_rest_add_up_to_the_log_odds(seed: int, predictor: Predictor) -> None:
    risk = predictor.foretell(knowledge(random.Random(seed)), measured())

    assert len(risk.drivers) == 3
    assert 1 / (1 + math.exp(-log_odds(risk))) == pytest.approx(risk.probability, abs=0.006)


@pytest.mark.parametrize("seed", range(PATIENTS))
def test_without_what_raises_a_risk_it_is_lower_and_without_what_lowers_it_higher(
    seed: int, predictor: Predictor, model: OnlineModel
) -> None:
    known = knowledge(random.Random(seed))
    risk = predictor.foretell(known, measured())

    for driver in risk.drivers:
        others = [log_odds(predictor.foretell(other, measured())) for other in without(driver, known, model)]
        assert abs(driver.effect) > 0.05
        if driver.effect > 0:
            assert min(others) < log_odds(risk)
        else:
            assert max(others) > log_odds(risk)


# --- NEWS2, and what is usual for a patient ---------------------------------------------------------------------------


def at(seconds: float) -> str:
    return (START + timedelta(seconds=seconds)).isoformat()


def tick(seconds: float) -> bytes:
    return json.dumps({"type": "Tick", "at": at(seconds)}).encode()


def reading(seconds: float, values: Mapping[str, float]) -> bytes:
    measurements = [{"code": SIGNS[name][0], "value": value, "unit": SIGNS[name][1]} for name, value in values.items()]
    record = {"type": "Reading", "reading_id": f"{seconds}", "patient_id": "p", "device_id": "d"}
    return json.dumps(record | {"effective_at": at(seconds), "measurements": measurements}).encode()


def context(**known: Any) -> bytes:
    record = {"type": "PatientContext", "patient_id": "p", "effective_at": at(0), "age": 60}
    return json.dumps(record | known).encode()


def told(*log: bytes) -> list[Any]:
    fold = PartitionFold(0)
    return [output for offset, value in enumerate(log) for output in fold.advance(value, offset=offset)]


def ill(pick: random.Random) -> tuple[Values, dict[str, Any]]:
    """Somebody with values of any bands, on oxygen or not, awake or not."""
    values = {name: float(pick.choice(bands)) for name, (_, _, bands) in SIGNS.items()}
    known = {
        "on_oxygen": pick.random() < 0.3,
        "consciousness": pick.choice("AAAV"),
        "spo2_scale": pick.choice((1, 1, 2)),
    }
    return values, known


def points_of(values: Values, known: dict[str, Any]) -> int:
    """The known points of NEWS2."""
    outputs = told(tick(0), context(**known), reading(1, values))
    score = next(output.news2 for output in reversed(outputs) if isinstance(output, Assessment))
    assert score is not None
    assert score.known_points is not None
    return score.known_points


def less(code: str, values: Values, known: dict[str, Any]) -> tuple[Values, dict[str, Any]]:
    """The same patient without what an alert names."""
    if code == "3150-0":
        return values, known | {"on_oxygen": False}
    if code == "67775-7":
        return values, known | {"consciousness": "A"}
    return {name: value for name, value in values.items() if SIGNS[name][0] != code}, known


@pytest.mark.parametrize("seed", range(PATIENTS))
def test_the_points_that_an_alert_names_add_up_and_without_a_named_part_they_are_fewer(seed: int) -> None:
    values, known = ill(random.Random(seed))
    points = points_of(values, known)

    outputs = told(tick(0), context(**known), reading(1, values), tick(60))

    alerts = [output for output in outputs if isinstance(output, Alert) and output.kind == "news2"]
    assert bool(alerts) or points < 5
    for alert in alerts[-1:]:  # The first may be older than the reading: of oxygen, or of who is not alert.
        evidence = [found for found in alert.explanation if found.points]
        assert sum(found.points or 0 for found in evidence) == points
        for found in evidence:
            assert points_of(*less(found.code, values, known)) <= points - (found.points or 0)


def usual_day(pick: random.Random) -> list[bytes]:
    """Half an hour of somebody's own usual."""
    own = {"respiratory_rate": 15.0, "oxygen_saturation": 96.0, "heart_rate": 70.0, "systolic_blood_pressure": 121.0}
    days = [{name: round(value + pick.gauss(0, 1), 1) for name, value in own.items()} for _ in range(30)]
    return [record for step, values in enumerate(days) for record in (tick(60 * step), reading(60 * step, values))]


def anomaly_of(log: list[bytes]) -> Anomaly:
    """The last one that is told."""
    found = [output.anomaly for output in told(*log) if isinstance(output, Assessment) and output.anomaly is not None]
    return found[-1]


@pytest.mark.parametrize("seed", range(PATIENTS))
def test_a_deviation_is_its_distance_in_spreads_and_without_the_furthest_the_anomaly_is_less(seed: int) -> None:
    pick = random.Random(seed)
    before = usual_day(pick)
    values = {"heart_rate": pick.uniform(40, 130), "respiratory_rate": pick.uniform(8, 30), "oxygen_saturation": 94.0}
    anomaly = anomaly_of([*before, reading(1790, values)])

    furthest = anomaly.deviations[0]
    assert [abs(each.z) for each in anomaly.deviations] == sorted(
        (abs(each.z) for each in anomaly.deviations), reverse=True
    )
    assert anomaly.score == abs(furthest.z)
    for each in anomaly.deviations:
        assert each.z == pytest.approx((each.value - each.usual) / each.spread, rel=0.02, abs=0.02)
        assert (each.direction == "high") == (each.z >= 0)
    name = next(name for name, (code, _, _) in SIGNS.items() if code == furthest.code)
    at_usual = anomaly_of([*before, reading(1790, values | {name: furthest.usual})])
    assert (at_usual.score or 0) < (anomaly.score or 0)


# --- The half-space trees ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(10))
def test_without_a_sign_that_the_trees_name_their_score_is_lower_and_the_first_lowers_it_most(seed: int) -> None:
    pick, trees = random.Random(seed), PooledTrees()
    odd = dict.fromkeys(SIGNS_SEEN, 0.5) | {code: pick.choice((0.05, 0.95)) for code in pick.sample(SIGNS_SEEN, 3)}
    score, _ = trees.score(odd)

    drivers = trees.drivers(odd, score)

    falls = [score - trees.score(odd | {code: 0.5})[0] for code in drivers]
    assert drivers
    assert set(drivers) <= {code for code, place in odd.items() if place != 0.5}
    assert min(falls) > 0
    assert falls == sorted(falls, reverse=True)
