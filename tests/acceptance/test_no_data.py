"""Clinical decisions, Limits and Many silent at once: a device that falls silent is a technical alert."""

from datetime import timedelta

import pytest


def last_of_stream(ward, spacing, readings=9, **signs):
    """A stream from 03:00:00 on; gives the time of its last reading."""
    last = ward.time("03:00:00") + timedelta(seconds=spacing * (readings - 1))
    ward.stream("p1", "03:00:00", last, every=spacing, **(signs or {"HR": 72}))
    return last


@pytest.mark.parametrize(("spacing", "silence"), [(1, 60), (5, 60), (20, 60), (21, 63), (30, 90), (60, 180)])
def test_no_data_is_three_expected_intervals_but_at_least_a_minute(ward, spacing, silence):
    last = last_of_stream(ward, spacing)

    ward.tick(last + timedelta(seconds=silence - 1))
    assert ward.ever_stood(kind="no-data") == []
    ward.tick(last + timedelta(seconds=silence))

    alert = ward.alert(kind="no-data")
    assert (alert.state, alert.category, alert.priority) == ("active", "technical", "medium")
    assert alert.at == last + timedelta(seconds=silence)
    assert alert.notify


def test_a_stream_that_goes_on_is_not_silent(ward):
    ward.stream("p1", "03:00:00", "03:10:00", every=30, HR=72)

    assert ward.history() == []


def test_spot_values_are_never_missed(ward):
    ward.tick("03:00:00")
    for minute in range(0, 30, 5):
        ward.observe("p1", f"03:{minute:02}:00", HR=72, SPO2=97)
        ward.tick(f"03:{minute:02}:01")

    ward.ticks("03:30:00", "06:00:00", every=60)

    assert ward.history(kind="no-data") == []


def test_four_readings_are_too_few_to_expect_a_fifth(ward):
    last = last_of_stream(ward, 10, readings=4)

    ward.tick(last + timedelta(minutes=10))

    assert ward.history(kind="no-data") == []


def test_of_a_cgm_which_is_continuous_by_its_type_the_second_reading_tells_when_to_expect_a_third(ward):
    ward.tick("03:00:00")
    ward.typed("cgm", "p1", "03:00:00", CGM=110)
    ward.tick("03:05:00")
    ward.typed("cgm", "p1", "03:05:00", CGM=110)

    ward.tick("03:19:59")
    assert ward.history(kind="no-data") == []
    ward.tick("03:20:00")

    assert ward.alert(kind="no-data").state == "active"


def test_no_data_closes_at_the_first_fresh_value(ward):
    last = last_of_stream(ward, 5)
    ward.tick(last + timedelta(seconds=90))

    ward.reading("p1", last + timedelta(seconds=91), HR=72)

    assert ward.alert(kind="no-data").state == "closed"


def test_no_data_does_not_close_at_a_late_value(ward):
    last = last_of_stream(ward, 5)
    ward.tick(last + timedelta(seconds=90))

    ward.reading("p1", last - timedelta(seconds=2), HR=72)

    assert ward.alert(kind="no-data").state == "active"


def test_no_data_does_not_close_at_a_sentinel_nor_at_a_repeated_reading(ward):
    for second in range(0, 60, 5):
        ward.tick(f"03:00:{second:02}")
        ward.typed("monitor", "p1", f"03:00:{second:02}", HR=72, reading_id=f"r{second}")
    ward.tick("03:02:00")

    ward.typed("monitor", "p1", "03:02:01", HR=-100)
    ward.typed("monitor", "p1", "03:02:02", HR=72, reading_id="r55")
    assert ward.alert(kind="no-data").state == "active"
    ward.typed("monitor", "p1", "03:02:03", HR=72)

    assert ward.alert(kind="no-data").state == "closed"


def test_no_data_is_high_when_the_patients_last_level_was_high(ward):
    last = last_of_stream(ward, 5, HR=135, RR=26, SPO2=91)
    assert ward.assessment().news2.level == "high"

    ward.tick(last + timedelta(seconds=60))

    alert = ward.alert(kind="no-data")
    assert (alert.category, alert.priority) == ("technical", "high")


def test_no_data_stays_high_after_the_score_itself_has_gone_stale(ward):
    last = last_of_stream(ward, 5, HR=135, RR=26, SPO2=91)

    ward.ticks(last + timedelta(seconds=5), last + timedelta(minutes=15))

    assert ward.alert(kind="no-data").priority == "high"


def test_no_data_at_home_is_low(ward):
    ward.adult("p1", setting="home")
    last = last_of_stream(ward, 5)

    ward.tick(last + timedelta(seconds=60))

    assert ward.alert(kind="no-data").priority == "low"


def test_a_technical_alert_does_not_latch(ward):
    last = last_of_stream(ward, 5, HR=135, RR=26, SPO2=91)
    ward.tick(last + timedelta(seconds=60))

    ward.reading("p1", last + timedelta(seconds=61), HR=135, RR=26, SPO2=91)

    assert ward.alert(kind="no-data").state == "closed"


def test_a_device_with_several_streams_that_falls_silent_is_one_alert(ward):
    last = last_of_stream(ward, 5, HR=72, RR=16, SPO2=97)

    ward.ticks(last + timedelta(seconds=5), last + timedelta(minutes=3))

    assert ward.alert(kind="no-data").device_id == "d1"
    assert len(ward.notified()) == 1


def test_two_devices_that_fall_silent_are_two_alerts(ward):
    for second in range(0, 60, 5):
        ward.tick(f"03:00:{second:02}")
        ward.reading("p1", f"03:00:{second:02}", device="d1", HR=72)
        ward.reading("p1", f"03:00:{second:02}", device="d2", SPO2=97)

    ward.ticks("03:01:00", "03:03:00")

    assert {alert.device_id for alert in ward.standing(kind="no-data")} == {"d1", "d2"}
    assert len(ward.notified(kind="no-data")) == 2


def test_one_device_that_falls_silent_is_told_while_another_goes_on(ward):
    for second in range(0, 60, 5):
        ward.tick(f"03:00:{second:02}")
        ward.reading("p1", f"03:00:{second:02}", device="d1", HR=72)
        ward.reading("p1", f"03:00:{second:02}", device="d2", SPO2=97)

    ward.stream("p1", "03:01:00", "03:03:00", device="d2", SPO2=97)

    assert ward.alert(kind="no-data").device_id == "d1"


def test_streams_of_a_device_that_fall_silent_one_by_one_are_one_alert(ward):
    ward.stream("p1", "03:00:00", "03:01:00", HR=72, RR=16)
    ward.stream("p1", "03:01:05", "03:03:00", RR=16)
    ward.ticks("03:03:05", "03:05:00")

    assert len(ward.standing(kind="no-data")) == 1
    assert len(ward.notified()) == 1


def test_silence_of_one_patient_is_no_alert_of_another(ward):
    last_of_stream(ward, 5)
    ward.stream("p2", "03:00:45", "03:03:00", HR=72)

    assert {alert.patient_id for alert in ward.history(kind="no-data")} == {"p1"}


def test_sentinels_are_no_data(ward):
    for second in range(0, 60, 5):
        ward.tick(f"03:00:{second:02}")
        ward.typed("monitor", "p1", f"03:00:{second:02}", HR=72)

    for second in range(0, 60, 5):
        ward.tick(f"03:01:{second:02}")
        ward.typed("monitor", "p1", f"03:01:{second:02}", HR=-100)
    ward.tick("03:02:00")

    assert ward.alert(kind="no-data").state == "active"


def test_no_data_is_told_apart_from_the_patients_episode(ward):
    ward.stream("p1", "03:00:00", "03:01:00", SPO2=97)
    ward.stream("p1", "03:01:05", "03:01:30", SPO2=78)

    ward.ticks("03:01:35", "03:03:00")

    assert [alert.category for alert in ward.notified()] == ["physiological", "technical"]
    assert ward.alert(kind="limit").state == "active"
