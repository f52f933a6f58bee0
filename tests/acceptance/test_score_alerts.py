"""Clinical decisions, NEWS2: the alerts that a score raises, and how they come down."""

import pytest

HEART_RATE = "8867-4"


@pytest.mark.parametrize(
    ("signs", "priority"),
    [
        ({"HR": 135, "RR": 25, "TEMP": 38.5}, "high"),
        ({"HR": 115, "RR": 21, "TEMP": 38.5}, "medium"),
        ({"HR": 135, "RR": 21, "TEMP": 38.5}, "medium"),
        ({"HR": 135}, "medium"),
    ],
)
def test_each_level_alerts_at_its_priority(ward, signs, priority):
    ward.adult("p1")
    ward.tick("03:00:00")

    ward.well("p1", "03:00:00", **signs)
    ward.tick("03:00:05")

    alert = ward.alert(kind="news2")
    assert (alert.state, alert.priority, alert.category) == ("active", priority, "physiological")


def test_a_low_score_is_no_alert(ward):
    ward.adult("p1")
    ward.tick("03:00:00")

    ward.well("p1", "03:00:00", HR=115, RR=21)
    ward.ticks("03:00:05", "03:02:00")

    assert ward.history(kind="news2") == []


def test_an_alert_is_raised_on_known_points_whatever_is_missing(ward):
    ward.tick("03:00:00")

    ward.observe("p1", "03:00:00", RR=25)
    ward.tick("03:00:05")

    assert ward.alert(kind="news2").state == "active"


def test_what_a_score_could_be_raises_no_alert(ward):
    ward.tick("03:00:00")

    ward.observe("p1", "03:00:00", RR=21)
    ward.ticks("03:00:05", "03:01:00")

    assert ward.history(kind="news2") == []


def test_a_word_on_consciousness_raises_an_alert_like_a_measurement(ward):
    ward.tick("03:00:00")

    ward.context("p1", "03:00:00", consciousness="C")
    ward.tick("03:00:05")

    alert = ward.alert(kind="news2")
    assert (alert.state, alert.priority) == ("active", "medium")


# --- A rise within low ------------------------------------------------------------------------------------------------


def test_a_rise_of_two_within_low_is_a_low_alert(ward):
    ward.adult("p1")
    ward.tick("03:00:00")
    ward.well("p1", "03:00:00")

    ward.observe("p1", "03:00:05", RR=21)
    ward.tick("03:00:10")

    alert = ward.alert(kind="news2")
    assert (alert.state, alert.priority) == ("active", "low")


def test_a_rise_of_two_over_several_parts_is_a_low_alert(ward):
    ward.adult("p1")
    ward.tick("03:00:00")
    ward.well("p1", "03:00:00", RR=11)

    ward.observe("p1", "03:00:05", HR=95, SPO2=95)
    ward.tick("03:00:10")

    assert ward.alert(kind="news2").priority == "low"


def test_a_rise_of_one_is_no_alert(ward):
    ward.adult("p1")
    ward.tick("03:00:00")
    ward.well("p1", "03:00:00", RR=11)

    ward.observe("p1", "03:00:05", HR=95)
    ward.ticks("03:00:10", "03:01:00")

    assert ward.history(kind="news2") == []


def test_oxygen_that_is_begun_is_a_rise_of_two(ward):
    ward.tick("03:00:00")
    ward.adult("p1", "03:00:00")
    ward.well("p1", "03:00:00")

    ward.context("p1", "03:00:05", on_oxygen=True)
    ward.tick("03:00:10")

    assert ward.alert(kind="news2").priority == "low"


def test_a_first_score_is_no_rise(ward):
    ward.tick("03:00:00")

    ward.observe("p1", "03:00:00", HR=115, RR=21)
    ward.ticks("03:00:05", "03:01:00")

    assert ward.history(kind="news2") == []


def test_a_part_that_was_not_fresh_before_is_no_rise(ward):
    ward.adult("p1")
    ward.tick("03:00:00")
    ward.observe("p1", "03:00:00", HR=72)

    ward.observe("p1", "03:00:05", RR=21)
    ward.ticks("03:00:10", "03:01:00")

    assert ward.history(kind="news2") == []


def test_a_part_that_had_gone_stale_is_no_rise(ward):
    ward.adult("p1")
    ward.tick("03:00:00")
    ward.observe("p1", "03:00:00", HR=72, RR=16)
    ward.tick("04:10:00")
    ward.observe("p1", "04:10:00", HR=72)

    ward.observe("p1", "04:10:05", RR=21)
    ward.ticks("04:10:10", "04:11:00")

    assert ward.history(kind="news2") == []


# --- Delay ------------------------------------------------------------------------------------------------------------


def test_an_alert_of_spot_values_waits_for_the_next_tick(ward):
    ward.tick("03:00:00")

    ward.observe("p1", "03:00:01", RR=25)
    assert [alert.state for alert in ward.history(kind="news2")] in ([], ["pending"])
    ward.tick("03:00:05")

    alert = ward.alert(kind="news2")
    assert (alert.state, alert.since, alert.at) == ("active", ward.time("03:00:01"), ward.time("03:00:05"))


def test_an_alert_of_a_continuous_part_waits_15_seconds(ward):
    ward.stream("p1", "03:00:00", "03:01:00", RR=16)

    ward.stream("p1", "03:01:05", "03:03:00", RR=40)

    first_scored = next(a.at for a in ward.assessments() if a.news2.known_points == 3)
    active = next(alert for alert in ward.history(kind="news2") if alert.state == "active")
    assert active.since == first_scored
    assert (active.at - active.since).total_seconds() == 15


def test_a_stream_that_turns_out_to_be_continuous_waits_15_seconds_from_its_first_score(ward):
    ward.tick("03:00:00")
    for second in range(16):
        ward.reading("p1", f"03:00:{second:02}", RR=26)

    alert = ward.alert(kind="news2")
    assert (alert.state, alert.since, alert.at) == ("active", ward.time("03:00:00"), ward.time("03:00:15"))


def test_points_that_are_gone_before_the_delay_has_passed_raise_nothing(ward):
    ward.adult("p1")
    ward.tick("03:00:00")
    ward.well("p1", "03:00:00", HR=115, RR=21, SBP=105)

    ward.observe("p1", "03:00:03", HR=72)
    ward.tick("03:00:05")

    assert ward.assessment().news2.known_points == 3
    assert ward.ever_stood(kind="news2") == []


def test_a_pending_alert_falls_with_the_known_points(ward):
    ward.adult("p1")
    ward.tick("03:00:00")
    ward.well("p1", "03:00:00", HR=115, RR=25, SBP=95)

    ward.observe("p1", "03:00:03", HR=72)
    ward.tick("03:00:05")

    assert [(alert.state, alert.priority) for alert in ward.ever_stood(kind="news2")] == [("active", "medium")]


def test_points_that_are_gone_before_the_delay_has_passed_do_not_raise_the_priority(ward):
    ward.adult("p1")
    ward.tick("03:00:00")
    ward.well("p1", "03:00:00", HR=115, RR=21, SBP=105)
    ward.tick("03:00:05")
    ward.observe("p1", "03:00:06", HR=135, SPO2=95)

    ward.observe("p1", "03:00:08", HR=72, SPO2=97)
    ward.tick("03:00:10")

    assert ward.assessment().news2.known_points == 3
    assert ward.alert(kind="news2").priority == "medium"


def test_a_continuous_part_at_no_points_does_not_delay_a_spot_one(ward):
    ward.stream("p1", "03:00:00", "03:01:00", HR=72)

    ward.observe("p1", "03:01:00", RR=25)
    ward.tick("03:01:05")

    assert ward.alert(kind="news2").state == "active"


# --- Coming down ------------------------------------------------------------------------------------------------------


def test_an_alert_of_spot_values_clears_at_the_value(ward):
    ward.tick("03:00:00")
    ward.observe("p1", "03:00:00", RR=25)
    ward.tick("03:00:05")

    ward.tick("03:10:00")
    ward.observe("p1", "03:10:00", RR=16)

    assert ward.alert(kind="news2").state == "closed"


def test_an_alert_of_a_continuous_part_clears_after_30_seconds_below(ward):
    ward.stream("p1", "03:00:00", "03:01:00", RR=16)
    ward.stream("p1", "03:01:05", "03:03:00", RR=40)
    scored = len(ward.assessments())

    ward.stream("p1", "03:03:05", "03:05:30", RR=16)

    first_below = next(a.at for a in ward.assessments()[scored:] if a.news2.known_points == 0)
    alert = ward.alert(kind="news2")
    assert alert.state == "closed"
    assert (alert.at - first_below).total_seconds() == 30


def test_an_alert_does_not_clear_before_every_part_that_scored_at_the_peak_has_a_newer_fresh_value(ward):
    ward.adult("p1")
    ward.tick("03:00:00")
    ward.well("p1", "03:00:00", RR=21, HR=115, TEMP=38.5)
    ward.tick("03:00:05")

    ward.tick("03:10:00")
    assert ward.observe("p1", "03:10:00", RR=16).news2.level == "low"
    ward.ticks("03:10:05", "03:11:00")
    assert ward.alert(kind="news2").state == "active"
    ward.observe("p1", "03:11:00", HR=72)
    ward.ticks("03:11:05", "03:12:00")
    assert ward.alert(kind="news2").state == "active"
    ward.observe("p1", "03:12:00", TEMP=36.8)

    assert ward.alert(kind="news2").state == "closed"


def test_an_alert_does_not_go_down_before_every_part_that_scored_at_the_peak_has_a_newer_fresh_value(ward):
    ward.adult("p1")
    ward.tick("03:00:00")
    ward.well("p1", "03:00:00", RR=25, HR=135, TEMP=38.5)
    ward.tick("03:00:05")

    ward.tick("03:10:00")
    assert ward.observe("p1", "03:10:00", HR=72).news2.level == "low-medium"
    ward.ticks("03:10:05", "03:11:00")

    alert = ward.alert(kind="news2")
    assert (alert.priority, alert.state) == ("high", "active")


def test_an_alert_that_rises_keeps_its_id_and_is_told_again(ward):
    ward.adult("p1")
    ward.tick("03:00:00")
    ward.well("p1", "03:00:00", RR=25)
    ward.tick("03:00:05")
    before = ward.alert(kind="news2")

    ward.observe("p1", "03:00:10", HR=135, TEMP=38.5)
    ward.ticks("03:00:15", "03:00:30")

    after = ward.alert(kind="news2")
    assert (before.priority, after.priority) == ("medium", "high")
    assert after.alert_id == before.alert_id
    assert after.revision > before.revision
    assert [alert.priority for alert in ward.notified()] == ["medium", "high"]


def test_thirty_seconds_are_counted_below_the_level_not_from_a_first_improvement(ward):
    ward.adult("p1", "03:00:00")
    ward.tick("03:00:00")
    ward.observe("p1", "03:00:00", TEMP=38.5)
    ward.stream("p1", "03:00:05", "03:01:00", RR=16, HR=72)
    ward.stream("p1", "03:01:05", "03:03:00", RR=40, HR=140)
    ward.observe("p1", "03:03:00", TEMP=36.8)
    assert ward.alert(kind="news2").priority == "high"

    ward.stream("p1", "03:03:05", "03:04:00", RR=16, HR=140)
    low_from = len(ward.assessments())
    ward.stream("p1", "03:04:05", "03:06:30", RR=16, HR=72)

    first_low = next(a.at for a in ward.assessments()[low_from:] if a.news2.level == "low")
    over = next(alert for alert in ward.history(kind="news2") if alert.state in {"latched", "closed"})
    assert (over.at - first_low).total_seconds() == 30


# --- Stale ------------------------------------------------------------------------------------------------------------


def test_an_alert_never_clears_because_a_value_went_stale(ward):
    ward.tick("03:00:00")
    ward.observe("p1", "03:00:00", RR=25)
    ward.tick("03:00:05")

    ward.tick("04:00:00")
    assert not ward.alert(kind="news2").stale
    ward.ticks("04:00:01", "04:10:00", every=30)

    alert = ward.alert(kind="news2")
    assert (alert.state, alert.priority, alert.stale) == ("active", "medium", True)


def test_an_alert_that_went_stale_comes_with_a_recommendation_to_measure_again(ward):
    ward.adult("p1", "03:00:00")
    ward.tick("03:00:00")
    ward.well("p1", "03:00:00", HR=135)
    ward.tick("03:00:05")
    before = len(ward.recommendations())

    ward.tick("04:00:01")

    after = [r for r in ward.recommendations()[before:] if r.kind == "measure" and HEART_RATE in r.codes]
    assert [(r.state, r.patient_id) for r in after] == [("proposed", "p1")]


def test_a_stale_alert_rises_on_what_is_fresh(ward):
    ward.adult("p1")
    ward.tick("03:00:00")
    ward.well("p1", "03:00:00")
    ward.well("p1", "03:00:10", HR=115, RR=21)
    ward.tick("03:00:15")
    ward.tick("04:00:15")
    assert (ward.alert(kind="news2").priority, ward.alert(kind="news2").stale) == ("low", True)

    ward.context("p1", "04:00:20", consciousness="V")
    ward.tick("04:00:25")

    assert (ward.alert(kind="news2").priority, ward.alert(kind="news2").notify) == ("medium", True)


def test_a_stale_alert_that_is_measured_again_is_no_longer_stale(ward):
    ward.tick("03:00:00")
    ward.observe("p1", "03:00:00", RR=25)
    ward.tick("03:00:05")
    ward.tick("04:00:01")
    stale = ward.alert(kind="news2")

    ward.observe("p1", "04:00:02", RR=26)
    ward.tick("04:00:05")

    alert = ward.alert(kind="news2")
    assert (alert.alert_id, alert.state, alert.stale) == (stale.alert_id, "active", False)


def test_a_stale_alert_clears_at_a_fresh_value(ward):
    ward.tick("03:00:00")
    ward.observe("p1", "03:00:00", RR=25)
    ward.tick("03:00:05")
    ward.tick("04:00:01")

    ward.observe("p1", "04:00:02", RR=16)

    alert = ward.alert(kind="news2")
    assert (alert.state, alert.stale) == ("closed", False)


def test_a_high_level_comes_with_a_recommended_response(ward):
    ward.adult("p1")
    ward.tick("03:00:00")

    ward.well("p1", "03:00:00", HR=135, RR=25, TEMP=38.5)
    ward.ticks("03:00:05", "03:00:30")

    assert ward.recommendations(kind="response", state="proposed", priority="high", patient_id="p1")
