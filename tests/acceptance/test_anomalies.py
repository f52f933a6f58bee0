"""Clinical decisions, One patient, one episode: the anomaly alert against the patient's own baseline."""

from datetime import timedelta

import pytest

PRESSURE = "8462-4"


def usual(ward, count):
    """So many diastolic pressures, five minutes apart, around 100; a sign with neither limits nor points."""
    start = ward.time("03:00:00")
    for number in range(count):
        at = start + timedelta(minutes=5 * number)
        ward.tick(at)
        ward.observe("p1", at, DBP=(99, 100, 101, 100)[number % 4])
    return at


def then(ward, at, *values):
    """These pressures follow, five minutes apart, and a tick after each; the z of each."""
    scores = []
    for number, value in enumerate(values, start=1):
        measured = at + timedelta(minutes=5 * number)
        ward.tick(measured)
        anomaly = ward.observe("p1", measured, DBP=value).anomaly
        ward.tick(measured + timedelta(seconds=5))
        scores += [deviation.z for deviation in anomaly.deviations if deviation.code == PRESSURE]
    return scores


@pytest.mark.parametrize(("values", "direction"), [((150, 290), "high"), ((50, 12), "low")])
def test_two_values_running_far_from_usual_are_a_low_alert(ward, values, direction):
    z = then(ward, usual(ward, 24), *values)

    assert all(abs(score) >= 4 for score in z)
    alert = ward.alert(kind="anomaly")
    assert (alert.state, alert.priority, alert.category) == ("active", "low", "physiological")
    assert (alert.code, alert.direction) == (PRESSURE, direction)


def test_one_value_far_from_usual_is_no_alert(ward):
    z = then(ward, usual(ward, 24), 150, 100, 100)

    assert abs(z[0]) >= 4
    assert abs(z[1]) < 4
    assert ward.ever_stood(kind="anomaly") == []


def test_before_twenty_values_nothing_is_far_from_usual(ward):
    then(ward, usual(ward, 17), 150, 290)

    assert ward.history(kind="anomaly") == []


def test_from_the_twentieth_value_on_something_is(ward):
    z = then(ward, usual(ward, 20), 150, 290)

    assert all(abs(score) >= 4 for score in z)
    assert ward.alert(kind="anomaly").state == "active"


def test_values_near_usual_are_no_alert(ward):
    z = then(ward, usual(ward, 24), 100, 101, 99, 100)

    assert all(abs(score) < 4 for score in z)
    assert ward.history() == []


def test_each_patient_has_a_baseline_of_their_own(ward, wards):
    alone = wards()
    usual(ward, 24)

    beside_another, by_itself = (each.observe("p2", "05:00:00", DBP=150) for each in (ward, alone))

    assert beside_another.anomaly == by_itself.anomaly


def test_a_value_is_scored_before_it_is_learned(ward):
    at = usual(ward, 24)

    anomaly = ward.observe("p1", at + timedelta(minutes=5), DBP=150).anomaly

    [deviation] = [d for d in anomaly.deviations if d.code == PRESSURE]
    assert (deviation.value, deviation.direction, deviation.learned_from) == (150, "high", 24)
    assert deviation.usual == pytest.approx(100, abs=1)
