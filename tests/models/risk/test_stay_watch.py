"""A stay is asked about at fixed hours, labelled when it ends, and foretold in the shadow."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec import UNSET

from models import codec
from models.events import Alert, Assessment, DeadLetter, Output, StayEnded, StayExample
from models.partition import PartitionFold
from models.risk import stay_watch
from models.risk.stay_model import StayPredictor
from tests.stays import published

START = datetime(2026, 11, 21, tzinfo=UTC)
CODES = {"hr": ("8867-4", "/min"), "rr": ("9279-1", "/min"), "spo2": ("59408-5", "%")}


def record(kind: str, /, **fields: Any) -> bytes:
    return json.dumps({"type": kind, **fields}).encode()


def at(hours: float) -> str:
    return (START + timedelta(hours=hours)).isoformat()


def tick(hours: float) -> bytes:
    return record("Tick", at=at(hours))


def adult(hours: float = 0, patient_id: str = "p1", age: float = 60, **fields: Any) -> bytes:
    return record("PatientContext", patient_id=patient_id, effective_at=at(hours), age=age, **fields)


def reading(hours: float, patient_id: str = "p1", **values: float) -> bytes:
    found = values or {"hr": 72, "rr": 15, "spo2": 97}
    measured = [{"code": CODES[name][0], "value": value, "unit": CODES[name][1]} for name, value in found.items()]
    told = {"reading_id": f"r{hours}", "patient_id": patient_id, "device_id": patient_id}
    return record("Reading", effective_at=at(hours), measurements=measured, **told)


def outcome(hours: float, kind: str = "death") -> bytes:
    return record("Outcome", patient_id="p1", at=at(hours), kind=kind)


def model(version: int = 7) -> bytes:
    return codec.encode(published(version))


class Ward:
    def __init__(self, *story: bytes) -> None:
        self.fold = PartitionFold(0)
        self.told: list[Output] = []
        self.take(*story)

    def take(self, *story: bytes) -> list[Output]:
        told = [output for value in story for output in self.fold.advance(value, offset=len(self.told))]
        self.told += told
        return told

    def asked(self) -> list[tuple[int, datetime]]:
        return [(each.hour, each.at) for each in of(StayExample, self.told)]


def of(kind: type[Any], told: Iterable[Output]) -> list[Any]:
    return [each for each in told if isinstance(each, kind)]


def stay_risks(told: Iterable[Output]) -> list[Any]:
    return [each.stay_risk for each in of(Assessment, told)]


# --- Examples ---------------------------------------------------------------------------------------------------------


def test_a_stay_is_asked_about_at_the_first_tick_or_reading_at_or_after_each_hour() -> None:
    ward = Ward(tick(0), adult(), reading(0), tick(5.99), tick(6), tick(11), reading(11), tick(11.99), reading(12))

    ward.take(*[tick(hour) for hour in range(12, 60)])

    hours = [START + timedelta(hours=hour) for hour in (6, 12, 24, 36, 48)]
    assert ward.asked() == list(zip((6, 12, 24, 36, 48), hours, strict=True))


def test_of_hours_that_passed_together_only_the_last_is_asked_about() -> None:
    ward = Ward(tick(0), adult(), reading(0), tick(30))

    assert [hour for hour, _ in ward.asked()] == [24]


def test_an_example_says_what_was_measured_and_nothing_of_what_was_not() -> None:
    ward = Ward(tick(0), adult(sex="female", ward="MICU"), reading(0, hr=90), tick(2), reading(2, hr=100), tick(6))

    [example] = of(StayExample, ward.told)

    assert example.features["heart_rate.last"] == 100
    assert example.features["heart_rate.mean"] == 95
    assert (example.features["hours"], example.features["age"], example.features["female"]) == (6, 60, 1)
    assert (example.admitted_at, example.sex, example.ward, example.known_points) == (START, "female", "MICU", 0)
    assert not [name for name in example.features if name.startswith(("lactate", "temperature"))]


@pytest.mark.parametrize(
    "story",
    [
        (adult(age=12), reading(0)),
        (adult(pregnant=True), reading(0)),
        (adult(setting="home"), reading(0)),
        (adult(),),
        (adult(), reading(0), outcome(5, "discharge")),
    ],
)
def test_nobody_is_asked_about_who_is_no_adult_or_at_home_or_was_never_measured_or_has_left(
    story: tuple[bytes, ...],
) -> None:
    ward = Ward(tick(0), *story, *[tick(hour) for hour in range(6, 60)])

    assert ward.asked() == []


@pytest.mark.parametrize(("kind", "died"), [("death", True), ("discharge", False), ("transfer", None)])
def test_the_outcome_that_ends_a_stay_is_its_label(kind: str, died: bool | None) -> None:
    ward = Ward(tick(0), adult(), reading(0), tick(6), tick(12))

    ward.take(outcome(13, "deterioration"), outcome(14, kind), outcome(15, kind))

    [ended] = of(StayEnded, ward.told)
    assert (ended.patient_id, ended.died, ended.admitted_at) == ("p1", died, START)
    assert ended.at == START + timedelta(hours=14)
    assert ward.fold.census.examples_dropped.get("never-asked") is None


def test_a_stay_that_ended_before_anybody_asked_is_counted_and_has_no_label() -> None:
    ward = Ward(tick(0), adult(), reading(0), tick(5), outcome(5))

    assert of(StayEnded, ward.told) == []
    assert ward.fold.census.examples_dropped["never-asked"] == 1


def test_another_stay_begins_with_another_admission() -> None:
    ward = Ward(tick(0), adult(), reading(0), tick(6), outcome(7, "discharge"), tick(10))

    ward.take(tick(20), adult(20, setting="ward"), reading(20), tick(25.9), tick(26), outcome(27))

    assert [hour for hour, _ in ward.asked()] == [6, 6]
    assert [each.admitted_at for each in of(StayEnded, ward.told)] == [START, START + timedelta(hours=20)]


# --- Forecasts --------------------------------------------------------------------------------------------------------


def test_the_risk_is_told_at_most_once_an_hour_from_six_to_forty_eight_hours() -> None:
    ward = Ward(tick(0), model(), adult())
    found = {}
    for quarter in range(4, 4 * 55):
        hour = quarter / 4
        [risk] = stay_risks(ward.take(tick(hour), reading(hour)))
        if risk is not UNSET:
            found[hour] = risk

    assert list(found) == [float(hour) for hour in range(6, 49)]
    assert found[6].version == 7
    assert (found[6].hours, found[6].known, found[6].of, found[6].newest_hours) == (6, 3, 39, 0)
    assert found[48].drivers[0].sign == "heart_rate"


def test_without_a_model_or_of_no_adult_or_of_the_past_nothing_is_told() -> None:
    without, child = Ward(tick(0), adult(), reading(0), tick(6)), Ward(tick(0), model(), adult(age=12), tick(6))
    late = Ward(tick(0), model(), adult(), tick(7))

    told = [*without.take(reading(6.1)), *child.take(reading(6.1)), *late.take(reading(6.1))]

    assert stay_risks(told) == [UNSET, UNSET, UNSET]
    assert stay_risks(late.take(reading(7))) != [UNSET]


def test_it_raises_no_alert_and_changes_nothing_else() -> None:
    story = [each for hour in range(1, 20) for each in (tick(hour), reading(hour, hr=100 + 4 * hour, rr=20, spo2=95))]
    plain, watched = Ward(tick(0), adult(), *story), Ward(tick(0), model(), adult(), *story)

    assert any(risk is not UNSET for risk in stay_risks(watched.told))
    assert of(Alert, watched.told) == of(Alert, plain.told) != []
    assert [without_stay_risk(each) for each in watched.told] == [without_stay_risk(each) for each in plain.told]


def test_a_version_that_was_withdrawn_foretells_no_more_and_the_other_model_stays() -> None:
    ward = Ward(tick(0), model(7), model(9), adult(), reading(0), tick(6))
    withdrawn = {"at": at(6), "by": "dr-3", "reason": "another ward"}

    ward.take(record("ModelWithdrawn", version=9, **withdrawn))
    assert ward.fold.census.model_versions == {"stay": 9}  # It names no model, so it is of the other one.

    ward.take(record("ModelWithdrawn", version=9, model="stay", **withdrawn))
    assert ward.fold.census.model_versions == {"stay": 7}
    [risk] = stay_risks(ward.take(reading(6)))
    assert risk.version == 7


@pytest.mark.parametrize("spoilt", [{"curve": None}, {"curve": "AAAA"}, {"model": "deterioration"}])
def test_a_version_that_can_not_be_used_is_parked_and_the_one_before_foretells(spoilt: dict[str, Any]) -> None:
    ward = Ward(tick(0), model(7), adult(), reading(0), tick(6))

    told = ward.take(json.dumps(json.loads(model(8)) | spoilt).encode())

    assert [letter.reason for letter in of(DeadLetter, told)] == ["invalid"]
    assert stay_risks(ward.take(reading(6)))[0].version == 7


# --- Faults and restarts ----------------------------------------------------------------------------------------------


def broken(*_: Any, **__: Any) -> Any:
    raise ZeroDivisionError("a fault of ours")


@pytest.mark.parametrize("place", [(StayPredictor, "foretell"), (stay_watch, "read")])
def test_a_fault_costs_the_forecast_or_the_example_alone_and_is_counted(
    place: tuple[Any, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    story = (tick(0), model(), adult(), reading(0), tick(5.99))
    ward, sound = Ward(*story), Ward(*story)
    monkeypatch.setattr(*place, broken)
    told = ward.take(reading(6, hr=180))
    monkeypatch.undo()

    expected = sound.take(reading(6, hr=180))
    assert stay_risks(told) == [UNSET]
    assert of(Alert, told) == of(Alert, expected) != []
    assert without_stay_risk(of(Assessment, told)[0]) == without_stay_risk(of(Assessment, expected)[0])
    assert ward.fold.census.risk_faults > sound.fold.census.risk_faults == 0


def test_a_fold_that_was_restored_goes_on_as_if_nothing_had_been() -> None:
    ward, again = Ward(tick(0), model(), adult(), reading(0), tick(3), adult(3, "p2"), tick(6), reading(6)), Ward()
    for key, value in ward.fold.entries():
        again.fold.restore(key, value)

    rest = [each for hour in range(7, 30) for each in (tick(hour), reading(hour))] + [outcome(30)]
    told, told_again = ward.take(*rest), again.take(*rest)

    assert [codec.encode(each) for each in told] == [codec.encode(each) for each in told_again]
    assert list(ward.fold.entries()) == list(again.fold.entries())
    assert len(of(StayExample, told)) == 2


def without_stay_risk(told: Output) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(codec.encode(told))
    plain.pop("stay_risk", None)
    return plain
