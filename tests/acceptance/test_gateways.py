"""Clinical decisions, Many silent at once: a silent gateway is one alert, and those of its patients are held back."""

from datetime import timedelta

import pytest

from models.events import DeadLetter
from models.partitioning import partition_of

START = "03:00:00"
THROUGH = {"g1": ("p1", "p2"), "g2": ("p3",)}


@pytest.fixture
def ward(wards):
    """A ward of one partition, which so tells of every gateway."""
    return wards(partitions=1)


def run(ward, start, until, *, gateways=THROUGH, beats=True, devices=True):
    """Every 5 s a tick, a heartbeat of each gateway every 10 s, and a reading of each of its patients."""
    at, last = ward.time(start), ward.time(until)
    while at <= last:
        ward.tick(at)
        for gateway in gateways:
            if beats and (at - ward.time(START)).seconds % 10 == 0:
                ward.heartbeat(gateway, at)
            for patient in THROUGH[gateway] if devices else ():
                ward.reading(patient, at, device=f"{patient}-m", HR=72, fields={"gateway_id": gateway})
        at += timedelta(seconds=5)


def silent(ward, start=START, until="03:01:00"):
    """Both gateways run for a minute, then one of them is off for two."""
    run(ward, start, until)
    run(ward, "03:01:05", "03:03:00", gateways=["g2"])


def test_the_silence_of_a_gateway_is_one_alert_and_not_one_for_each_patient(ward):
    silent(ward)

    [told] = ward.notified()
    assert (told.kind, told.gateway_id, told.patient_id) == ("gateway", "g1", None)
    assert (told.category, told.priority, told.state) == ("technical", "medium", "active")
    assert told.at == ward.time("03:02:00")
    assert told.since == ward.time("03:01:00")


def test_its_patients_no_data_is_raised_and_says_why_nobody_is_called(ward):
    silent(ward)

    held = ward.alerts(kind="no-data")
    assert {alert.patient_id for alert in held} == {"p1", "p2"}
    assert {(alert.state, alert.notify, alert.inhibited_by) for alert in held} == {("active", False, "gateway")}


@pytest.mark.parametrize("offset", [0, 1, 3, 4])
def test_no_patient_is_told_just_before_the_gateway_is(ward, offset):
    run(ward, START, "03:01:00")
    last = ward.time("03:01:00") + timedelta(seconds=5)
    ward.heartbeat("g1", last + timedelta(seconds=offset))

    ward.ticks("03:01:10", "03:03:00")

    assert {alert.kind for alert in ward.notified(patient_id=None)} == {"gateway"}
    assert ward.notified(kind="no-data", patient_id="p1") == []


def test_when_it_is_back_its_alert_closes_and_devices_that_send_are_not_told(ward):
    silent(ward)

    run(ward, "03:03:10", "03:06:00")

    assert ward.alert(kind="gateway").state == "closed"
    assert {alert.state for alert in ward.alerts(kind="no-data")} == {"closed"}
    assert len(ward.notified()) == 1


def test_a_device_that_stays_silent_after_its_gateway_is_back_is_told_after_its_patience(ward):
    silent(ward)
    ward.heartbeat("g1", "03:03:05")

    run(ward, "03:03:10", "03:03:55", devices=False)
    assert len(ward.notified()) == 1
    run(ward, "03:04:00", "03:05:00", devices=False)

    told = ward.notified(kind="no-data")
    assert [(alert.patient_id, alert.inhibited_by) for alert in told if alert.patient_id != "p3"] == [
        ("p1", None),
        ("p2", None),
    ]


def test_what_is_silent_of_a_device_that_is_heard_through_another_gateway_is_told(ward):
    at = ward.time(START)
    while at <= ward.time("03:01:00"):
        ward.tick(at)
        for gateway in ("g1", "g2"):
            ward.heartbeat(gateway, at)
        ward.reading("p1", at, HR=72, RR=16, fields={"gateway_id": "g1"})
        at += timedelta(seconds=5)
    while at <= ward.time("03:05:00"):
        ward.tick(at)
        ward.heartbeat("g2", at)
        if at >= ward.time("03:03:00"):
            ward.reading("p1", at, HR=72, fields={"gateway_id": "g2"})
        at += timedelta(seconds=5)

    [told] = ward.notified(kind="no-data")
    assert {evidence.code for evidence in told.explanation} == {"9279-1"}


def test_a_device_behind_a_gateway_that_lives_is_told(ward):
    run(ward, START, "03:01:00")

    run(ward, "03:01:05", "03:02:00", devices=False)

    assert {alert.patient_id for alert in ward.notified(kind="no-data")} == {"p1", "p2", "p3"}
    assert ward.history(kind="gateway") == []


def test_of_a_gateway_that_was_never_heard_nothing_is_expected(ward):
    run(ward, START, "03:01:00", beats=False)

    ward.ticks("03:01:05", "03:03:00")

    assert ward.history(kind="gateway") == []
    assert len(ward.notified(kind="no-data")) == 3


def test_only_the_partition_that_its_id_hashes_to_tells_it_but_all_hold_back(wards):
    wards = [wards(partition, partitions=8) for partition in range(8)]
    for each in wards:
        silent(each)

    told = [each.partition for each in wards if each.notified(kind="gateway")]

    assert told == [partition_of("g1", 8)]
    assert all(each.notified(kind="no-data") == [] for each in wards)


def test_a_backlog_that_is_caught_up_neither_hides_nor_fakes_its_silence(ward, wards):
    silent(ward)
    live = ward.encoded()

    behind = wards(partitions=1)
    for record in ward.log:
        behind.send(record)

    assert behind.encoded() == live


def test_heartbeats_that_come_late_in_a_burst_do_not_hide_that_it_is_silent(ward):
    silent(ward)

    for second in range(5, 55, 10):
        ward.heartbeat("g1", f"03:01:{second:02}")

    assert ward.alert(kind="gateway").state == "active"


def test_a_heartbeat_from_a_clock_that_is_ahead_does_not_hide_a_silence(ward):
    ward.tick(START)
    ward.heartbeat("g1", "05:00:00")

    ward.tick("03:01:00")

    assert ward.alert(kind="gateway").state == "active"


def test_its_alert_can_be_answered(ward):
    silent(ward)
    alert = ward.alert(kind="gateway")

    assert ward.snooze(alert, "03:03:10", "03:33:10").accepted
    ward.ticks("03:33:00", "03:33:10")
    assert len(ward.notified(gateway_id="g1")) == 2
    assert ward.feedback(alert, "03:34:00", "actionable").accepted
    assert ward.answer("Acknowledgement", alert, "03:35:00", revision=ward.alert(gateway_id="g1").revision).accepted

    told = ward.alert(gateway_id="g1")
    assert (told.state, told.feedback, told.gateway_id) == ("acknowledged", "actionable", "g1")


def test_its_alert_that_reached_nobody_is_told(ward):
    silent(ward)

    ward.report(ward.alert(kind="gateway"), "03:03:10")

    undelivered = ward.alert(kind="delivery")
    assert (undelivered.gateway_id, undelivered.patient_id, undelivered.state) == ("g1", None, "active")


def test_an_answer_about_a_gateway_that_was_never_heard_is_refused(ward):
    silent(ward)
    alert = ward.alert(kind="gateway")

    record = {"type": "Acknowledgement", "gateway_id": "g9", "alert_id": alert.alert_id, "revision": 1}
    [result] = ward.send({**record, "at": "2026-11-21T03:04:00Z", "by": "nurse"})

    assert (result.accepted, result.detail) == (False, "No such gateway is known here.")


def test_what_is_known_of_gateways_outlives_a_restart(ward, wards):
    silent(ward)
    restarted = wards(partitions=1)
    for key, value in ward.fold.entries():
        restarted.fold.restore(key, value)

    for each in (ward, restarted):
        each.outputs.clear()
        each.heartbeat("g1", "03:03:04")
        each.ticks("03:03:05", "03:04:00")
        run(each, "03:04:10", "03:05:00", devices=False)

    assert restarted.encoded() == ward.encoded()
    assert list(restarted.fold.entries()) == list(ward.fold.entries())
    assert restarted.fold.census == ward.fold.census


def test_one_that_is_not_heard_for_a_week_is_forgotten(ward):
    silent(ward)

    ward.tick("2026-11-28T03:01:00")

    assert ward.alert(kind="gateway", gateway_id="g1").state == "closed"
    assert not [each for each in ward.outputs if isinstance(each, DeadLetter)]
    assert ward.notified(kind="no-data", patient_id="p1") == []
    ward.tick("2026-11-28T03:02:05")
    assert len(ward.notified(kind="no-data", patient_id="p1")) == 1
