"""Clinical decisions, One patient, one episode: who is told, when, and how often."""

import pytest

from tests.acceptance.scenes import pressure_alert_of_an_adult


def test_what_fires_together_is_one_episode_and_one_notification(ward):
    ward.adult("p1")
    ward.tick("03:00:00")

    ward.well("p1", "03:00:00", RR=31, HR=135, SBP=85, TEMP=39.5)
    ward.ticks("03:00:05", "03:02:00")

    standing = ward.standing()
    assert {alert.kind for alert in standing} == {"news2", "limit"}
    assert len({alert.episode_id for alert in standing}) == 1
    assert None not in {alert.episode_id for alert in standing}
    assert len(ward.notified()) == 1
    assert ward.notified()[0].priority == "high"


def test_two_patients_have_an_episode_each(ward):
    ward.tick("03:00:00")
    for patient in ("p1", "p2"):
        ward.observe(patient, "03:00:00", SBP=165)
    ward.tick("03:00:05")

    assert len({alert.episode_id for alert in ward.standing()}) == 2
    assert len(ward.notified()) == 2


def test_more_of_the_same_is_told_once(ward):
    pressure_alert_of_an_adult(ward)

    for minute in range(5, 55, 5):
        ward.tick(f"03:{minute:02}:00")
        ward.observe("p1", f"03:{minute:02}:00", SBP=165 + minute)

    assert len(ward.notified()) == 1


def test_a_rise_in_priority_is_told(ward):
    pressure_alert_of_an_adult(ward)

    ward.typed("fingerstick", "p1", "03:01:00", GLUCOSE=50)

    assert [alert.priority for alert in ward.notified()] == ["medium", "high"]


def test_a_new_sign_within_fifteen_minutes_hangs_on_the_episode_untold(ward):
    first = pressure_alert_of_an_adult(ward)

    ward.tick("03:14:00")
    ward.typed("fingerstick", "p1", "03:14:00", GLUCOSE=260)
    ward.ticks("03:14:05", "03:15:00")

    second = ward.alert(code="2339-0")
    assert (second.state, second.notify, second.episode_id) == ("active", False, first.episode_id)
    assert len(ward.notified()) == 1


@pytest.mark.parametrize(("at", "times_told"), [("03:16:00", 2), ("03:14:00", 1)])
def test_consciousness_that_worsens_the_score_is_a_new_sign(ward, at, times_told):
    ward.adult("p1")
    ward.tick("03:00:00")
    ward.well("p1", "03:00:00", RR=25)
    ward.tick("03:00:05")
    first = ward.alert(kind="news2", priority="medium")

    ward.tick(at)
    ward.observe("p1", at, ACVPU="V")
    ward.ticks(ward.time(at), "03:17:00", every=60)

    told = ward.notified()
    assert len(told) == times_told
    assert {alert.alert_id for alert in told} == {first.alert_id}
    assert "responds to voice" in ward.alert(kind="news2").reason
    assert "responds to voice" in told[-1].reason or times_told == 1


def test_an_acknowledged_score_stays_quiet_when_consciousness_joins_it(ward):
    ward.adult("p1")
    ward.tick("03:00:00")
    ward.well("p1", "03:00:00", RR=25)
    ward.tick("03:00:05")
    ward.acknowledge(ward.alert(kind="news2"), "03:01:00")

    ward.tick("03:20:00")
    ward.observe("p1", "03:20:00", ACVPU="V")
    ward.tick("03:20:05")

    assert ward.alert(kind="news2").state == "acknowledged"
    assert len(ward.notified()) == 1


def test_a_change_of_a_scores_points_is_a_revision_and_a_newer_value_is_none(ward):
    ward.adult("p1")
    ward.tick("03:00:00")
    ward.well("p1", "03:00:00", RR=25)
    ward.tick("03:00:05")
    first = ward.alert(kind="news2")

    ward.observe("p1", "03:01:00", RR=26)
    same = ward.alert(kind="news2")
    ward.observe("p1", "03:02:00", HR=95)
    more = ward.alert(kind="news2")

    assert same == first
    assert (more.revision, more.notify, more.priority) == (first.revision + 1, False, "medium")
    assert [(each.code, each.value, each.points) for each in more.explanation] == [("9279-1", 26, 3), ("8867-4", 95, 1)]


def test_a_new_sign_after_fifteen_minutes_is_told(ward):
    pressure_alert_of_an_adult(ward)

    ward.tick("03:16:00")
    ward.typed("fingerstick", "p1", "03:16:00", GLUCOSE=260)
    ward.ticks("03:16:05", "03:17:00")

    assert len(ward.notified()) == 2


def test_a_sign_already_in_the_episode_is_not_told_again_after_fifteen_minutes(ward):
    pressure_alert_of_an_adult(ward)
    ward.typed("fingerstick", "p1", "03:02:00", GLUCOSE=260)

    ward.tick("03:20:00")
    ward.typed("fingerstick", "p1", "03:20:00", GLUCOSE=300)
    ward.observe("p1", "03:20:00", SBP=180)
    ward.ticks("03:20:05", "03:21:00")

    assert len(ward.notified()) == 1


def test_the_fifteen_minutes_count_from_the_last_notification(ward):
    pressure_alert_of_an_adult(ward)
    ward.tick("03:16:00")
    ward.typed("fingerstick", "p1", "03:16:00", GLUCOSE=260)

    ward.tick("03:20:00")
    ward.observe("p1", "03:20:00", TEMP=39.1)
    ward.ticks("03:20:05", "03:21:00")

    assert len(ward.notified()) == 2


@pytest.mark.parametrize(("at", "told"), [("03:10:00", 1), ("03:16:00", 2)])
def test_the_other_direction_of_a_sign_is_told_after_fifteen_minutes(ward, at, told):
    pressure_alert_of_an_adult(ward)
    ward.typed("fingerstick", "p1", "03:00:10", GLUCOSE=260)

    ward.tick(at)
    ward.typed("fingerstick", "p1", at, GLUCOSE=65)

    assert len(ward.notified()) == told


def test_what_had_closed_and_came_back_is_told_again_as_a_new_alert(ward):
    first = pressure_alert_of_an_adult(ward)
    ward.observe("p1", "03:01:00", SBP=120)
    assert ward.alert(kind="limit").state == "closed"

    ward.observe("p1", "03:02:00", SBP=165)
    ward.tick("03:02:05")

    [again] = ward.standing(kind="limit")
    assert again.alert_id != first.alert_id
    assert again.since == ward.time("03:02:00")
    assert len(ward.notified()) == 2


def test_what_had_latched_and_came_back_is_told_again(ward):
    ward.stream("p1", "03:00:00", "03:01:00", SPO2=97)
    ward.stream("p1", "03:01:05", "03:01:10", SPO2=78)
    ward.stream("p1", "03:01:15", "03:02:00", SPO2=97)
    assert ward.alert(kind="limit").state == "latched"
    told = len(ward.notified())

    ward.tick("03:02:05")
    ward.reading("p1", "03:02:05", SPO2=78)

    assert (told, len(ward.notified())) == (1, 2)


def test_of_what_comes_back_together_one_alert_is_told(ward):
    pressure_alert_of_an_adult(ward)
    ward.tick("03:16:00")
    ward.typed("fingerstick", "p1", "03:16:00", GLUCOSE=260)
    ward.tick("03:32:00")
    ward.observe("p1", "03:32:00", TEMP=35.9)
    ward.tick("03:32:15")
    ward.typed("fingerstick", "p1", "03:40:00", GLUCOSE=120)
    ward.observe("p1", "03:40:00", TEMP=36.8)
    assert len(ward.notified()) == 3
    assert len(ward.standing()) == 1

    ward.observe("p1", "03:40:30", TEMP=35.9)
    ward.typed("fingerstick", "p1", "03:40:45", GLUCOSE=260)

    assert len(ward.standing(state="active")) == 3
    assert len(ward.notified()) == 4
