"""An alert keeps its id, counts its revisions and explains itself."""


def test_an_alert_keeps_its_id_from_pending_to_closed_and_its_revisions_count_up(ward):
    ward.tick("03:00:00")
    ward.observe("p1", "03:00:00", HR=125)
    ward.tick("03:00:15")
    ward.acknowledge(ward.alert(kind="limit"), "03:00:20")
    ward.observe("p1", "03:01:00", HR=72)
    ward.tick("03:01:30")

    history = ward.history(kind="limit")
    states = [alert.state for alert in history]
    assert len({alert.alert_id for alert in history}) == 1
    assert list(dict.fromkeys(states)) == ["pending", "active", "acknowledged", "closed"]
    assert [alert.revision for alert in history] == list(range(1, len(history) + 1))


def test_alerts_that_differ_in_kind_code_direction_since_or_patient_differ_in_id(ward):
    ward.tick("03:00:00")
    for patient in ("p1", "p2"):
        ward.observe(patient, "03:00:00", HR=135, SBP=165)
        ward.observe(patient, "03:00:30", SBP=120)
        ward.observe(patient, "03:01:00", SBP=85)
    ward.ticks("03:01:05", "03:02:00")

    alerts = ward.alerts()
    identity = {(a.patient_id, a.kind, a.code, a.direction, a.since) for a in alerts}
    assert len(identity) == len(alerts) == len({alert.alert_id for alert in alerts})
    assert len(alerts) >= 6


def test_every_alert_explains_itself(ward):
    ward.adult("p1")
    ward.tick("03:00:00")
    ward.well("p1", "03:00:00", RR=31, HR=0, SBP=85, TEMP=39.5, SPO2=75)
    ward.ticks("03:00:05", "03:02:00")

    assert {alert.kind for alert in ward.history()} == {"news2", "limit", "zero"}
    assert all(alert.reason and alert.clears_when and alert.explanation for alert in ward.history())
