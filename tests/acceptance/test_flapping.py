"""What comes and goes is told a few times and then damped, until it stays."""

from datetime import timedelta

from tests.acceptance.scenes import GLUCOSE, MORNING, back_to_normal, glucose, pressure_alert


def flap(ward, minutes):
    """The pressure is bad at each of those minutes after three, and well half a minute later."""
    for minute in minutes:
        at = ward.time(MORNING) + timedelta(minutes=minute)
        pressure_alert(ward, at)
        back_to_normal(ward, at + timedelta(seconds=30))


def test_what_comes_and_goes_is_damped_after_four_notifications_in_half_an_hour(ward):
    flap(ward, [0, 5, 10, 15, 20, 25])

    assert len(ward.notified()) == 4
    assert {alert.inhibited_by for alert in ward.history(state="active", notify=False)} == {"flapping"}
    assert len({alert.alert_id for alert in ward.history(inhibited_by="flapping")}) == 2


def test_what_was_damped_is_told_again_once_it_was_quiet_for_half_an_hour(ward):
    flap(ward, [0, 5, 10, 15, 20, 45])
    assert len(ward.notified()) == 4

    flap(ward, [75.5])

    assert len(ward.notified()) == 5


def test_what_was_damped_and_stays_bad_for_half_an_hour_is_told(ward):
    flap(ward, [0, 5, 10, 15])
    damped = pressure_alert(ward, "03:20:00")
    assert damped.inhibited_by == "flapping"

    ward.ticks("03:20:10", "03:50:00")
    assert len(ward.notified()) == 4
    ward.tick("03:50:05")

    assert ward.notified()[-1].alert_id == damped.alert_id


def test_what_comes_back_seldom_is_never_damped(ward):
    flap(ward, range(0, 55, 11))

    assert len(ward.notified()) == 5


def test_a_high_alert_is_never_damped(ward):
    for minute in range(0, 24, 4):
        glucose(ward, f"03:{minute:02}:00", 50)
        glucose(ward, f"03:{minute + 2:02}:00", 100)

    assert len(ward.notified()) == 6
    glucose(ward, "03:24:00", 50)
    ward.ticks("03:25:00", "04:25:00", every=60)
    assert len(ward.notified()) == 7


def test_one_condition_that_comes_and_goes_does_not_damp_another(ward):
    flap(ward, [0, 5, 10, 15, 20])

    glucose(ward, "03:21:00", 60)

    assert ward.notified()[-1].code == GLUCOSE
