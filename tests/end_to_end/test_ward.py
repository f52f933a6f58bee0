"""The ward page's server over HTTP, with a real Kafka and a real worker: what comes, what is answered, what breaks."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from kafka import KafkaProducer
from msgspec.structs import replace

from models import codec
from models.events import Alert, Event, Measurement, PatientContext, Reading, Tick
from models.partitioning import partition_of
from producers.entry import Entry
from producers.feed import Feed
from streams.settings import Connection
from streams.topics import PARTITIONS, create_topics
from tests.an_alert import an_alert
from tests.waiting import until
from vigil.broker import Broker
from vigil.broker.ports import free_port
from vigil.log_reader import read_topics

PREFIX = "live-ward"
PATIENTS = ("p1", "acked", "both", "entered", "paused", "advised", "<script>alert(1)</script>")
URGENT = (("9279-1", 26.0, "/min"), ("59408-5", 91.0, "%"), ("8867-4", 134.0, "/min"))
TOKEN = "sixteen-or-more-characters"

Json = dict[str, Any]


@pytest.fixture(scope="module")
def kafka(broker: str) -> Iterator[str]:
    """The broker, with a worker on topics of this module, and an urgent panel of each patient on its log."""
    create_topics(Connection(bootstrap_servers=broker).for_kafka_python(), PREFIX)
    with running("worker", "--broker", broker, "--prefix", PREFIX, "--metrics-port", "0"):
        publish(broker, *(panel(patient) for patient in PATIENTS))
        yield broker


@pytest.fixture(scope="module")
def page(kafka: str) -> Iterator[str]:
    """The address of the server, once it shows every patient with an alert that calls."""
    with serving(kafka, PREFIX) as url:
        until(lambda: all(alerts_of(url, patient) for patient in PATIENTS), "each patient with an alert")
        yield url


@contextmanager
def running(*arguments: str, **environment: str) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "vigil", *arguments]
    around = os.environ | environment
    with subprocess.Popen(command, env=around, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            yield process
        finally:
            process.terminate()
            process.wait(30)


@contextmanager
def serving(broker: str, prefix: str, *, port: int = 0, **environment: str) -> Iterator[str]:
    """Serves the page until the end, when it is asked to leave and must do so in good order."""
    with running("ward", "--broker", broker, "--prefix", prefix, "--port", str(port), **environment) as process:
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found is not None
        yield found[0]
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0, "it leaves when it is asked to"


def panel(patient: str, *values: tuple[str, float, str], device_type: Any = "manual") -> Reading:
    now = datetime.now(UTC)
    return Reading(
        reading_id=f"{patient}-{now.timestamp()}",
        patient_id=patient,
        device_id=f"d-{patient}",
        device_type=device_type,
        effective_at=now,
        measurements=[Measurement(code=code, value=value, unit=unit) for code, value, unit in values or URGENT],
    )


def publish(broker: str, *events: Event) -> None:
    with Feed(f"{PREFIX}.patient-events", Connection(bootstrap_servers=broker).for_kafka_python()) as feed:
        for number, event in enumerate(events):
            key = getattr(event, "patient_id", "").encode() or None
            feed.publish(Entry(codec.encode(event), str(number), key))


def get(url: str, path: str) -> Json:
    answer = requests.get(url + path, timeout=10)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def post(url: str, path: str, body: object) -> requests.Response:
    return requests.post(url + path, json=body, timeout=15)


def row_of(url: str, patient: str) -> Json | None:
    return next((row for row in get(url, "/ward")["rows"] if row["patient_id"] == patient), None)


def alerts_of(url: str, patient: str) -> list[Json]:
    """The alerts of the score that called somebody to a patient."""
    row = row_of(url, patient)
    return [each for each in (row or {"alerts": []})["alerts"] if each["notified_at"] and each["kind"] == "news2"]


def kinds_of_trouble(url: str) -> set[str]:
    return {trouble["kind"] for trouble in get(url, "/ward")["state"]["troubles"]}


def on_the_log(broker: str, kind: str) -> list[Json]:
    batches = read_topics(Connection(bootstrap_servers=broker).for_aiokafka(), [f"{PREFIX}.patient-events"])
    told = [json.loads(record.value or b"") for records in batches for record in records]
    return [each for each in told if each["type"] == kind]


class Page:
    """One page that listens to the stream, as a browser does."""

    def __init__(self, url: str, since: str = "", **headers: str) -> None:
        self.number = since
        self._answer = requests.get(f"{url}/stream", params={"since": since}, headers=headers, stream=True, timeout=30)
        self._lines = self._answer.iter_lines(chunk_size=None)

    def next(self, *names: str) -> tuple[str, Json]:
        """The next event of one of these names."""
        event: dict[str, str] = {}
        for line in self._lines:
            if line:
                name, _, value = line.decode().partition(":")
                event[name] = value.strip()
                continue
            told, event = event, {}
            self.number = told.get("id", self.number)
            if told.get("event") in names:
                return told["event"], json.loads(told.get("data") or "{}")
        raise AssertionError("the stream has ended")

    def until(self, condition: Callable[[Json], bool]) -> Json:
        """The first changes of which it is true."""
        while not condition(told := self.next("changes")[1]):
            pass
        return told

    def close(self) -> None:
        self._answer.close()


def tells(patient: str, part: str, value: float) -> Callable[[Json], bool]:
    def told(changes: Json) -> bool:
        return any(row["patient_id"] == patient and row["parts"][part]["value"] == value for row in changes["rows"])

    return told


def number_of(view: Json) -> str:
    return f"{view['run']}.{view['seq']}"


# --- Looking ----------------------------------------------------------------------------------------------------------


def test_a_reading_becomes_a_change_on_the_page(page: str, kafka: str) -> None:
    listening = Page(page, number_of(get(page, "/ward")))

    publish(kafka, panel("p1", ("8867-4", 77.0, "/min")))

    told = listening.until(tells("p1", "heart_rate", 77.0))
    listening.close()
    [row] = [each for each in told["rows"] if each["patient_id"] == "p1"]
    assert row["parts"]["temperature"]["state"] == "missing"
    assert row["signal"]["state"] == "good"


def test_what_came_during_a_cut_is_told_after_it_and_no_call_is_missed(page: str, kafka: str) -> None:
    before = get(page, "/ward")
    listening = Page(page, number_of(before))
    listening.next("state")
    listening.close()

    publish(kafka, panel("p1", ("8867-4", 78.0, "/min")), panel("while-cut"))
    until(lambda: bool(alerts_of(page, "while-cut")))
    again = Page(page, "nothing.0", **{"Last-Event-ID": listening.number})
    told = again.next("changes")[1]
    again.close()

    assert tells("p1", "heart_rate", 78.0)(told)
    last = max((call["number"] for call in before["calls"]), default=0)
    assert [call["number"] for call in told["calls"]] == list(range(last + 1, last + 1 + len(told["calls"])))
    assert "while-cut" in {call["patient_id"] for call in told["calls"]}


def test_a_page_of_another_run_of_the_server_starts_over(page: str) -> None:
    listening = Page(page, "0123456789ab.7")

    assert listening.next("reset", "changes")[0] == "reset"
    listening.close()


def test_a_patient_is_shown_whole_with_the_course_and_nobody_else_is(page: str) -> None:
    shown = get(page, "/patients/acked")
    course = get(page, "/patients/acked/course?spans=10")
    nobody = [requests.get(f"{page}/patients/nobody{part}", timeout=5) for part in ("", "/course")]

    assert (shown["monitored"], shown["row"]["patient_id"]) == (True, "acked")
    assert {alert["kind"] for alert in shown["alerts"]} >= {"news2"}
    assert "8867-4" in {line["code"] for line in course["lines"]}
    assert [each.status_code for each in nobody] == [404, 404]
    assert nobody[0].json()["detail"] == "Of a patient of that id nothing is known here."


def test_a_script_in_a_name_or_a_symptom_is_told_as_the_text_that_it_is(page: str, kafka: str) -> None:
    name = "<script>alert(1)</script>"
    publish(kafka, PatientContext(patient_id=name, effective_at=datetime.now(UTC), conditions=[name]))
    until(lambda: get(page, f"/patients/{requests.utils.quote(name, safe='')}")["about"]["conditions"] == [name])

    answer = requests.get(f"{page}/ward", timeout=5)

    assert answer.headers["Content-Type"] == "application/json"
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_a_clock_that_is_ahead_is_told(page: str, kafka: str) -> None:
    assert "skew" not in kinds_of_trouble(page)
    client = Connection(bootstrap_servers=kafka).for_kafka_python()
    with Feed(f"{PREFIX}.patient-events", client) as feed:
        ahead = codec.encode(Tick(at=datetime.now(UTC) + timedelta(seconds=30)))
        for partition in range(PARTITIONS):
            feed.publish(Entry(ahead, "tick", None, partition))

    until(lambda: "skew" in kinds_of_trouble(page))


# --- Answering --------------------------------------------------------------------------------------------------------


def test_an_acknowledgement_goes_to_the_log_and_comes_back_to_every_page(page: str, kafka: str) -> None:
    [alert] = alerts_of(page, "acked")
    listening = Page(page, number_of(get(page, "/ward")))

    done = post(page, f"/alerts/{alert['alert_id']}/acknowledge", {"by": "dr-3", "revision": alert["revision"]})

    assert (done.status_code, done.json()["accepted"]) == (200, True), done.text
    told = listening.until(
        lambda changes: any(
            each["alert_id"] == alert["alert_id"] and each["state"] == "acknowledged"
            for row in changes["rows"]
            for each in row["alerts"]
        )
    )
    listening.close()
    assert told["seq"] > 0
    [record] = [each for each in on_the_log(kafka, "Acknowledgement") if each["patient_id"] == "acked"]
    assert (record["by"], record["alert_id"]) == ("dr-3", alert["alert_id"])


def test_of_two_who_answer_at_once_each_is_told_what_became_of_it(page: str) -> None:
    [alert] = alerts_of(page, "both")
    path = f"/alerts/{alert['alert_id']}/acknowledge"

    with ThreadPoolExecutor(2) as both:
        done = list(both.map(lambda by: post(page, path, {"by": by, "revision": alert["revision"]}), ("dr-3", "dr-4")))

    assert {each.status_code for each in done} <= {200, 409}
    accepted = [each.json() for each in done if each.status_code == 200]
    last = max(accepted, key=lambda result: int(result["offset"]))
    until(lambda: _acknowledged_by(page, "both") == last["by"])


def _acknowledged_by(page: str, patient: str) -> str | None:
    told = [each for each in get(page, f"/patients/{patient}")["alerts"] if each["kind"] == "news2"]
    answer = told[0]["acknowledgement"]
    return answer and str(answer["by"])


def test_an_answer_to_a_revision_that_never_was_changes_nothing_and_says_so(page: str) -> None:
    [alert] = alerts_of(page, "p1")[:1] or alerts_of(page, "advised")

    done = post(page, f"/alerts/{alert['alert_id']}/snooze", {"by": "dr-3", "revision": 99, "for_seconds": 60})
    gone = post(page, "/alerts/never-was/acknowledge", {"by": "dr-3", "revision": 1})
    wrong = post(page, "/alerts/never-was/acknowledge", {"by": " ", "revision": 1})

    assert (done.status_code, gone.status_code, wrong.status_code) == (409, 404, 422)
    assert done.json()["result"]["accepted"] is False
    assert [each["field"] for each in wrong.json()["errors"]] == ["by"]


def test_a_pause_stands_in_the_row_until_somebody_ends_it(page: str) -> None:
    about = {"by": "nurse-7", "reason": "in the scanner"}
    begun = post(page, "/patients/paused/pause", about | {"for_seconds": 600})
    until(lambda: ((row_of(page, "paused") or {})["pause"] or {}).get("reason") == "in the scanner")
    ended = post(page, "/patients/paused/pause", about | {"for_seconds": 0})
    nobody = post(page, "/patients/nobody/pause", about | {"for_seconds": 600})

    assert (begun.status_code, ended.status_code, nobody.status_code) == (200, 200, 404), ended.text
    until(lambda: (row_of(page, "paused") or {})["pause"] is None)


def test_a_recommendation_is_accepted_and_counted_no_more(page: str) -> None:
    [first, *_] = get(page, "/patients/advised")["recommendations"]
    before = (row_of(page, "advised") or {})["recommendations"]
    path = f"/patients/advised/recommendations/{first['recommendation_id']}"

    done = post(page, path, {"by": "dr-3", "decision": "accepted"})

    assert done.status_code == 200, done.text
    until(lambda: (row_of(page, "advised") or {})["recommendations"] == before - 1)
    assert post(page, path, {"by": "dr-3", "decision": "declined"}).status_code == 422


def test_what_is_entered_by_hand_is_assessed_and_what_is_not_believed_is_not_published(page: str, kafka: str) -> None:
    path = "/patients/entered/readings"
    values = {"temperature": "38.6", "pressure": "118/76", "acvpu": "a", "oxygen_flow": "0", "glucose": ""}

    done = post(page, path, {"by": "nurse Joy", "values": values})
    wrong = [
        post(page, path, body)
        for body in (
            {"by": "x", "values": {"temperature": "138"}},
            {"by": "x", "values": {"height": "180"}},
            {"by": "x", "values": {"pulse": ""}},
            {"by": " ", "values": {"pulse": "80"}},
            {"by": "x", "values": {"pulse": "80"}, "at": "tomorrow"},
            {"by": "x", "values": {"pulse": "80"}, "at": "2126-01-01T00:00:00Z"},
        )
    ]

    assert done.status_code == 200, done.text
    assert done.json()["assessed"] is True
    assert done.json()["said"][0] == "temperature 38.6 °C"
    fields = [each.json()["errors"][0]["field"] for each in wrong]
    assert fields == ["temperature", "height", "values", "by", "at", "at"]
    assert {each.status_code for each in wrong} == {422}
    assert post(page, "/patients/nobody/readings", {"by": "x", "values": {"pulse": "80"}}).status_code == 404
    read = [each for each in on_the_log(kafka, "Reading") if each["device_id"] == "hand-nurse-joy"]
    assert [each["device_type"] for each in read] == ["manual"]
    until(lambda: (row_of(page, "entered") or {})["parts"]["temperature"]["value"] == 38.6)


# --- What breaks ------------------------------------------------------------------------------------------------------


def test_a_server_that_was_away_reads_back_what_stood_and_lets_pages_start_over(page: str, kafka: str) -> None:
    port = free_port()
    with serving(kafka, PREFIX, port=port, VIGIL_WARD_TOKEN=TOKEN) as url:
        session = requests.Session()
        assert session.get(f"{url}/ward", timeout=5).status_code == 401
        assert session.post(f"{url}/session", json={"token": TOKEN}, timeout=5).status_code == 204
        before = session.get(f"{url}/ward", timeout=5).json()
    with serving(kafka, PREFIX, port=port, VIGIL_WARD_TOKEN=TOKEN) as url:
        until(lambda: session.get(f"{url}/ward", timeout=5).json()["state"]["read_back"] == 1)
        cookie = "; ".join(f"{each.name}={each.value}" for each in session.cookies)
        listening = Page(url, number_of(before), Cookie=cookie)
        after = session.get(f"{url}/ward", timeout=5).json()

        assert listening.next("reset", "changes")[0] == "reset"
        listening.close()

    assert after["run"] != before["run"]
    assert {row["patient_id"] for row in after["rows"]} >= set(PATIENTS)
    assert {call["alert"]["alert_id"] for call in after["calls"]} >= {
        alert["alert_id"] for row in after["rows"] for alert in row["alerts"] if alert["notified_at"]
    }


def test_while_kafka_is_gone_the_page_is_covered_and_takes_nothing_and_after_it_goes_on(tmp_path: Path) -> None:
    alert = an_alert(at=datetime.now(UTC), since=datetime.now(UTC))
    with Broker(tmp_path / "kafka") as broker:
        client = Connection(bootstrap_servers=broker.address).for_kafka_python()
        create_topics(client, PREFIX)
        tell(client, alert)
        with serving(broker.address, PREFIX, VIGIL_WARD_WAIT_SECONDS="1.5") as url:
            until(lambda: not kinds_of_trouble(url) & {"kafka", "reading-back"})
            listening = Page(url, number_of(get(url, "/ward")))

            os.kill(broker.pid, signal.SIGKILL)
            broker.wait(30)
            broker.stop()
            states = (listening.next("state")[1] for _ in range(10))
            covered = next(each for each in states if "kafka" in {trouble["kind"] for trouble in each["troubles"]})
            refused = answer(url, alert)
            broker.start()
            tell(client, replace(alert, revision=3, reason="It goes on."))
            told = listening.until(lambda changes: bool(changes["calls"]))
            listening.close()

            assert all(each["covers"] for each in covered["troubles"])
            assert (refused.status_code, refused.headers["Retry-After"]) == (503, "2")
            assert refused.json()["detail"] == "Nothing was published: Kafka does not answer."
            assert [call["alert"]["reason"] for call in told["calls"]] == ["It goes on."]
            until(lambda: answer(url, alert).status_code == 504, "an answer on the log, and no worker to hear it")


def tell(client: Any, alert: Alert) -> None:
    """Does as a worker does that tells an alert."""
    producer = KafkaProducer(**client)
    place = partition_of(alert.subject, PARTITIONS)
    producer.send(f"{PREFIX}.alerts", codec.encode(alert), alert.subject.encode(), partition=place).get(10)
    producer.close()


def answer(url: str, alert: Alert) -> requests.Response:
    return post(url, f"/alerts/{alert.alert_id}/acknowledge", {"by": "dr-3", "revision": alert.revision})


def test_without_topics_or_a_port_it_is_told_in_one_line(page: str, kafka: str) -> None:
    command = [sys.executable, "-m", "vigil", "ward", "--broker", kafka]
    taken = ["--prefix", PREFIX, "--port", page.rpartition(":")[2]]

    with ThreadPoolExecutor(2) as both:
        nowhere, port = both.map(
            lambda more: subprocess.run([*command, *more], capture_output=True, text=True, check=False, timeout=60),
            (["--prefix", "live-Nowhere", "--port", "0"], taken),
        )

    assert [each.returncode for each in (nowhere, port)] == [1, 1]
    assert nowhere.stderr == "vigil: There is no topic live-Nowhere.patient-events: see `vigil topics list`.\n"
    assert port.stderr.startswith("vigil: The ward page can't be served at 127.0.0.1:")
    assert port.stderr.count("\n") == 1
