"""Clinical decisions, Latching: an alert of high priority stays until somebody has seen it."""


def test_a_high_limit_alert_latches_until_it_is_acknowledged(ward):
    ward.stream("p1", "03:00:00", "03:01:00", SPO2=97)
    ward.stream("p1", "03:01:05", "03:01:20", SPO2=78)
    ward.stream("p1", "03:01:25", "03:03:00", SPO2=97)

    latched = ward.alert(kind="limit")
    assert (latched.state, latched.priority) == ("latched", "high")
    assert latched.clears_when == "Somebody acknowledges it."
    ward.ticks("03:03:05", "03:20:00")
    assert ward.alert(kind="limit").state == "latched"
    ward.acknowledge(ward.alert(kind="limit"), "03:20:00")

    assert ward.alert(kind="limit").state == "closed"


def test_a_latched_high_alert_stays_when_its_sign_comes_back_at_a_lower_priority(ward):
    ward.stream("p1", "03:00:00", "03:01:00", SPO2=97)
    ward.stream("p1", "03:01:05", "03:01:20", SPO2=78)
    ward.stream("p1", "03:01:25", "03:03:00", SPO2=97)

    ward.stream("p1", "03:03:05", "03:03:30", SPO2=88)

    stood = [(alert.state, alert.priority) for alert in ward.standing(kind="limit")]
    assert stood == [("latched", "high"), ("active", "medium")]


def test_a_high_alert_that_was_acknowledged_closes_when_it_clears(ward):
    ward.stream("p1", "03:00:00", "03:01:00", SPO2=97)
    ward.stream("p1", "03:01:05", "03:01:20", SPO2=78)
    ward.acknowledge(ward.alert(kind="limit"), "03:01:20")

    ward.stream("p1", "03:01:25", "03:03:00", SPO2=97)

    assert ward.alert(kind="limit").state == "closed"


def test_a_high_score_alert_latches(ward):
    ward.adult("p1")
    ward.tick("03:00:00")
    ward.well("p1", "03:00:00", RR=25, HR=118, SPO2=92)
    ward.tick("03:00:05")

    ward.tick("03:10:00")
    ward.well("p1", "03:10:00")
    ward.ticks("03:10:05", "03:11:00")

    alert = ward.alert(kind="news2")
    assert (alert.state, alert.priority) == ("latched", "high")
