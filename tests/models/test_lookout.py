"""What looks once a minute: it tells what it should, changes no alert, and what fails in it costs nothing else."""

import json
import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec import UNSET, structs

from models import codec, lookout
from models.detectors import flat_line, trend
from models.detectors.half_space_trees import PooledTrees
from models.events import Assessment, Finding, Forecast
from models.partition import PartitionFold

START = datetime(2026, 11, 21, 3, tzinfo=UTC)
UNITS = {"8867-4": "/min", "9279-1": "/min", "59408-5": "%", "55423-8": "{steps}"}
CALM = {"8867-4": (72, 73, 71), "9279-1": (15, 16, 15), "59408-5": (97, 96, 97)}


def record(kind: str, seconds: float, /, **fields: Any) -> bytes:
    moment = (START + timedelta(seconds=seconds)).isoformat()
    named = "effective_at" if kind == "Reading" else "at"
    return json.dumps({"type": kind, named: moment, **fields}).encode()


def reading(seconds: float, values: dict[str, float], **fields: Any) -> bytes:
    measurements = [{"code": code, "value": value, "unit": UNITS[code]} for code, value in values.items()]
    known = {"reading_id": f"r{seconds}", "patient_id": "p1", "device_id": "d1"}
    return record("Reading", seconds, **(known | fields), measurements=measurements)


def stretch(first: int, steps: int, every: float = 10, **odd: Callable[[int], float]) -> list[bytes]:
    """Readings with ticks, `every` so many seconds; `hr`, `rr` and `spo2` may be odd."""
    codes = {"hr": "8867-4", "rr": "9279-1", "spo2": "59408-5"}
    log = []
    for step in range(first, first + steps):
        values = {code: float(calm[step % 3]) for code, calm in CALM.items()}
        values |= {codes[name]: tell(step - first) for name, tell in odd.items()}
        log += [record("Tick", every * step), reading(every * step, values)]
    return log


def told(fold: PartitionFold, log: list[bytes]) -> list[Any]:
    return [output for offset, value in enumerate(log) for output in fold.advance(value, offset=offset)]


def found(fold: PartitionFold, log: list[bytes]) -> list[Finding]:
    return [
        finding
        for output in told(fold, log)
        if isinstance(output, Assessment) and output.findings is not UNSET
        for finding in output.findings
    ]


def test_a_flat_line_is_told_when_it_begins_and_when_it_is_over() -> None:
    log = [*stretch(0, 60), *stretch(60, 60, hr=lambda step: 72), *stretch(120, 20)]

    begun, over = found(PartitionFold(0), log)

    assert (begun.detector, begun.category, begun.state, begun.codes) == ("flat-line", "technical", "begun", ["8867-4"])
    assert begun.size >= 6
    assert (over.state, over.since) == ("over", begun.since)


@pytest.mark.parametrize(
    "odd",
    [
        {"spo2": lambda step: 100.0},
        {"hr": lambda step: 72.0 + (step % 30 == 29)},
    ],
)
def test_what_can_stay_the_same_is_no_flat_line(odd: dict[str, Any]) -> None:
    assert found(PartitionFold(0), [*stretch(0, 60), *stretch(60, 500, **odd)]) == []


def test_a_spot_value_that_stays_is_no_flat_line() -> None:
    assert found(PartitionFold(0), stretch(0, 40, 900, hr=lambda step: 72.0)) == []


def test_a_flat_line_is_seen_however_quick_the_stream_is() -> None:
    log = [*stretch(0, 200, 0.5), *stretch(200, 1000, 0.5, hr=lambda step: 72.0)]

    assert [finding.detector for finding in found(PartitionFold(0), log)] == ["flat-line"]


def test_a_lone_value_far_from_steady_ones_is_a_spike_and_told_once_an_hour() -> None:
    jumps = {"hr": lambda step: 112.0 if step % 50 == 25 else 72.0 + step % 2}

    spikes = found(PartitionFold(0), [*stretch(0, 60), *stretch(60, 300, **jumps)])

    assert [(finding.detector, finding.category, finding.size) for finding in spikes] == [("spike", "technical", 40.0)]


@pytest.mark.parametrize(
    "odd",
    [
        {"hr": lambda step: 112.0 if step % 50 in (25, 26) else 72.0},
        {"hr": lambda step: 72.0 + 40 * (step * 7 % 3 == 0) + step % 5},
        {"hr": lambda step: 72.0 if step < 30 else 112.0},
    ],
    ids=["two in a row", "an uneven pulse", "a rise that stays"],
)
def test_what_a_body_can_do_is_no_spike(odd: dict[str, Any]) -> None:
    told_of = found(PartitionFold(0), [*stretch(0, 60), *stretch(60, 100, **odd)])

    assert "spike" not in {finding.detector for finding in told_of}


def drifts(log: list[bytes]) -> list[tuple[str, list[str]]]:
    told_of = found(PartitionFold(0), log)
    return [(each.category, each.codes) for each in told_of if (each.detector, each.state) == ("drift", "begun")]


def test_one_sign_that_moves_at_once_while_the_others_stay_is_a_changed_sensor() -> None:
    log = [*stretch(0, 360), *stretch(360, 200, hr=lambda step: 88.0 + step % 3)]

    assert drifts(log) == [("technical", ["8867-4"])]


def test_one_sign_that_moves_by_degrees_is_a_changed_patient() -> None:
    log = [*stretch(0, 360), *stretch(360, 360, hr=lambda step: 72.0 + step / 12 + step % 2)]

    assert drifts(log)[0] == ("physiological", ["8867-4"])


def test_signs_that_move_together_are_a_changed_patient_however_quick() -> None:
    odd = {"hr": lambda step: 88.0 + step % 3, "rr": lambda step: 23.0 + step % 2}

    assert {category for category, _ in drifts([*stretch(0, 360), *stretch(360, 200, **odd)])} == {"physiological"}


def test_what_is_outside_its_limits_is_never_put_down_to_a_sensor() -> None:
    log = [*stretch(0, 360), *stretch(360, 200, hr=lambda step: 150.0 + step % 3)]

    assert {category for category, _ in drifts(log)} == {"physiological"}


def test_of_somebody_at_home_who_may_be_running_no_drift_is_told() -> None:
    home = json.dumps(
        {"type": "PatientContext", "patient_id": "p1", "effective_at": START.isoformat(), "setting": "home"}
    ).encode()

    assert drifts([home, *stretch(0, 360), *stretch(360, 200, hr=lambda step: 88.0 + step % 3)]) == []


def test_a_sensor_that_another_sign_follows_is_a_changed_patient_after_all() -> None:
    odd = {"hr": lambda step: 88.0 + step % 3, "rr": lambda step: 15.0 + step % 2 + 8 * (step > 110)}

    told_of = drifts([*stretch(0, 360), *stretch(360, 300, **odd)])

    assert told_of[0] == ("technical", ["8867-4"])
    assert ("physiological", ["9279-1", "8867-4"]) in told_of or ("physiological", ["8867-4", "9279-1"]) in told_of


def foretold(log: list[bytes]) -> list[Forecast]:
    return [
        forecast
        for output in told(PartitionFold(0), log)
        if isinstance(output, Assessment) and output.forecasts is not UNSET
        for forecast in output.forecasts
    ]


def test_a_sign_that_climbs_is_foretold_to_cross_its_limit_and_that_is_over_when_it_does() -> None:
    climb = {"hr": lambda step: 72.0 + step / 6 + step % 2}

    begun, *_, over = foretold([*stretch(0, 120), *stretch(120, 330, **climb)])

    assert (begun.state, begun.code, begun.direction, begun.limit) == ("begun", "8867-4", "high", 120)
    assert begun.slope_per_hour == pytest.approx(60, abs=6)
    assert begun.minutes == pytest.approx(120 - begun.value, abs=6)
    assert (over.state, over.minutes, over.slope_per_hour) == ("over", None, None)
    assert over.value > 120


def test_a_forecast_is_towards_the_limit_in_force_for_this_patient() -> None:
    limits = {"59408-5": {"low": 85}}
    own = json.dumps(
        {"type": "PatientContext", "patient_id": "p1", "effective_at": START.isoformat(), "limits": limits}
    ).encode()
    falls = {"spo2": lambda step: 97.0 - step // 30}

    [begun, *_] = foretold([own, *stretch(0, 120), *stretch(120, 240, **falls)])

    assert (begun.direction, begun.limit) == ("low", 85)
    assert begun.slope_per_hour < 0


def test_a_climb_that_stops_is_over_before_the_limit_is_crossed() -> None:
    stops = {"hr": lambda step: 72.0 + min(step, 180) / 6 + step % 2}

    told_of = foretold([*stretch(0, 120), *stretch(120, 480, **stops)])

    assert [told_of[0].state, told_of[-1].state] == ["begun", "over"]
    assert told_of[-1].value < 120


@pytest.mark.parametrize(
    "odd",
    [
        {"hr": lambda step: 72.0 + 25 * (step % 7 == 0)},
        {"hr": lambda step: 100.0 + step % 3},
        {"hr": lambda step: 72.0 - step / 60},
        {"hr": lambda step: 125.0 + step / 10},
    ],
    ids=["odd values", "a step", "a slow fall", "beyond it already"],
)
def test_what_leads_to_no_limit_within_the_hour_is_not_foretold(odd: dict[str, Any]) -> None:
    assert foretold([*stretch(0, 120), *stretch(120, 360, **odd)]) == []


def test_a_forecast_of_a_sign_that_is_not_measured_any_more_is_over() -> None:
    climb = {"hr": lambda step: 72.0 + step / 6 + step % 2}
    without = [
        line
        for step in range(300, 400)
        for line in (record("Tick", 10 * step), reading(10 * step, {"9279-1": 15.0 + step % 2}))
    ]

    states = [each.state for each in foretold([*stretch(0, 120), *stretch(120, 180, **climb), *without])]

    assert (states[0], states[-1], states.count("over")) == ("begun", "over", 1)


def test_a_third_of_the_samples_may_be_odd_and_the_line_stays() -> None:
    minute = 60_000_000
    straight = [(2 * step * minute, 80.0 + step) for step in range(16)]
    spoiled = [(at, 180.0 if number % 4 == 1 else value) for number, (at, value) in enumerate(straight)]

    plain, odd = (trend.line_of(each, 30 * minute, 1.0) for each in (straight, spoiled))

    assert plain is not None
    assert odd is not None
    assert (plain.level, plain.slope) == pytest.approx((95.0, 30.0))
    assert odd.slope == pytest.approx(30.0, rel=0.2)


def at_home(days: float, odd: Callable[[int], float], steps: Callable[[int], int | None]) -> list[bytes]:
    """So many days of a pulse with a night, told every five minutes, and then eight odd hours; `steps` may be told."""
    home = {"type": "PatientContext", "patient_id": "p1", "effective_at": START.isoformat(), "setting": "home"}
    log, calm = [json.dumps(home).encode()], round(days * 288)
    for step in range(calm + 96):
        pulse = 66 + 8 * math.cos(2 * math.pi * step / 288) + step % 3
        told_of = {"8867-4": round(pulse) if step < calm else odd(step - calm)}
        if (walked := steps(step - calm)) is not None:
            told_of["55423-8"] = walked
        log += [record("Tick", 300 * step), reading(300 * step, told_of)]
    return log


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (lambda step: 0, [("physiological", ["8867-4"])]),
        (lambda step: 90 if step >= 0 else 0, []),
        (lambda step: None, []),
    ],
    ids=["at rest", "on foot", "nobody knows"],
)
def test_at_home_a_drift_is_told_of_somebody_who_rests_for_hours(steps: Any, expected: list[Any]) -> None:
    assert drifts(at_home(2, lambda step: 92.0 + step % 2, steps)) == expected


def test_at_home_nothing_is_said_of_half_an_hour_of_sport_without_steps() -> None:
    log = at_home(2, lambda step: 130.0 if step < 6 else 74.0, lambda step: 0)

    assert drifts(log) == []


def test_the_usual_of_the_night_is_told_where_nights_are_known() -> None:
    night = at_home(2.5, lambda step: 80.0 + step % 2, lambda step: 0)

    [told_of] = [each for each in found(PartitionFold(0), night) if each.state == "begun"]

    assert "usual 6" in told_of.reason or "usual 5" in told_of.reason


ODD = {"8867-4": 0.85, "9279-1": 0.8, "59408-5": 0.2, "8480-6": 0.5, "8310-5": 0.5}
USUAL = dict.fromkeys(ODD, 0.5)


def test_the_trees_find_what_is_odd_odder_before_they_saw_anybody() -> None:
    trees = PooledTrees()

    (odd, odd_share), (usual, usual_share) = trees.score(ODD), trees.score(USUAL)

    assert 0 <= usual < odd <= 1
    assert odd_share < 0.01 < usual_share


def test_without_a_driver_that_the_trees_name_the_score_is_lower() -> None:
    trees = PooledTrees()
    score, _ = trees.score(ODD)

    drivers = trees.drivers(ODD, score)

    assert drivers
    assert set(drivers) <= {"8867-4", "9279-1", "59408-5"}
    assert all(trees.score(ODD | {code: 0.5})[0] < score for code in drivers)


def test_scoring_changes_no_tree_and_learning_makes_the_odd_usual() -> None:
    trees = PooledTrees()
    before, packed = trees.score(ODD), trees.pack()

    assert trees.score(ODD) == before
    assert trees.pack() == packed
    for _ in range(500):
        trees.learn(ODD, before[0])

    assert trees.score(ODD)[0] < before[0]
    assert trees.score(ODD)[1] > before[1]


def test_trees_come_back_to_equal_bytes_and_go_on_alike() -> None:
    trees, restored = PooledTrees(), PooledTrees()
    for _ in range(130):
        trees.learn(ODD, 0.9)

    restored.restore(trees.pack())

    assert restored.pack() == trees.pack()
    for each in (trees, restored):
        each.learn(USUAL, 0.3)
    assert restored.pack() == trees.pack()
    assert restored.score(ODD) == trees.score(ODD)


@pytest.mark.parametrize(
    "wrong", [{"version": 2}, {"structure": b"other"}, {"counter": 250}, {"masses": b""}, {"scores": b"123"}]
)
def test_trees_that_are_not_these_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="half-space trees"):
        PooledTrees().restore(structs.replace(PooledTrees().pack(), **wrong))


def test_fewer_than_three_known_signs_are_not_looked_at_by_the_trees() -> None:
    fold = PartitionFold(0)
    log = [record("Tick", 0), *(reading(10 * step, {"8867-4": 72 + step % 3, "9279-1": 15}) for step in range(60))]

    told(fold, log)

    assert b"lookout/trees" not in dict(fold.entries())


LATER = [
    *stretch(60, 60, hr=lambda step: 72.0),
    *stretch(120, 60, hr=lambda step: 150.0, spo2=lambda step: 84.0),
    *stretch(180, 10),
]


def plain(outputs: list[Any]) -> list[bytes]:
    """Outputs without what the looks found."""
    bare = [
        structs.replace(each, findings=UNSET, forecasts=UNSET, scores=UNSET) if isinstance(each, Assessment) else each
        for each in outputs
    ]
    return [codec.encode(each) for each in bare]


def test_beside_its_findings_it_changes_no_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    with_looks = told(PartitionFold(0), [*stretch(0, 60), *LATER])
    monkeypatch.setattr(lookout.Lookout, "is_due", lambda *_: False)

    without = told(PartitionFold(0), [*stretch(0, 60), *LATER])

    assert plain(with_looks) == [codec.encode(output) for output in without]
    assert plain(with_looks) != [codec.encode(output) for output in with_looks]


@pytest.mark.parametrize("where", ["look", "score", "learn"])
def test_a_fault_costs_its_findings_and_nothing_else(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = plain(told(PartitionFold(0), [*stretch(0, 60), *LATER]))
    owner: Any = flat_line if where == "look" else lookout.PooledTrees

    def fail(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(owner, where, fail)
    fold = PartitionFold(0)

    assert plain(told(fold, [*stretch(0, 60), *LATER])) == expected
    assert fold.census.looks_failed > 0


def test_what_comes_late_or_again_is_not_looked_at() -> None:
    fold = PartitionFold(0)
    told(fold, stretch(0, 60))
    before = dict(fold.entries())[b"lookout/patient/p1"]

    late = [record("Tick", 900), reading(700, {"8867-4": 140.0}), stretch(0, 60)[-1]]
    told(fold, late)

    assert dict(fold.entries())[b"lookout/patient/p1"] == before


def test_who_leaves_is_forgotten() -> None:
    fold = PartitionFold(0)
    told(fold, [*stretch(0, 60), *stretch(60, 60, hr=lambda step: 72.0)])

    fold.advance(record("Outcome", 1200, patient_id="p1", kind="discharge"), offset=0)

    other = PartitionFold(0)
    other.restore(b"lookout/patient/p1", dict(fold.entries())[b"lookout/patient/p1"])
    assert dict(other.readable())["lookout/patient/p1"]["runs"] == {}
