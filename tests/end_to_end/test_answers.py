"""Answers from a person to the result of a worker: by command and over HTTP, with a real Kafka and a real worker."""

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

import jsonschema
import pytest
import requests
from click.testing import CliRunner, Result
from kafka import KafkaProducer

from models import codec
from models.events import Alert, Measurement, Outcome, Reading, Tick
from models.partitioning import partition_of
from producers.entry import Entry
from producers.feed import Feed
from streams.settings import Connection
from streams.topics import PARTITIONS, create_topics
from tests.an_alert import an_alert
from tests.waiting import until
from vigil.broker import Broker
from vigil.broker.ports import free_port
from vigil.cli import cli
from vigil.log_reader import read_topics

ROOT = Path(__file__).parents[2]
PREFIX = "live-answers"
QUIET = "simulated-answers"
TOKEN = "a token for tests only".replace(" ", "-")
FEEDBACK = b'{"by":"x","usefulness":"actionable"}'
PAGE = (ROOT / "docs/answers.md").read_text(encoding="utf-8")
EXAMPLES = [block for block in re.findall(r"^```sh\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE) if "curl" in block]
LONG_AGO = datetime(2020, 1, 1, 12, 0, tzinfo=UTC)
PATIENTS = (
    "shown",
    "acked",
    "refused",
    "listed",
    "web",
    "two",
    "snoozed",
    "rated",
    "paused",
    "page",
    "page-2",
    "left",
    "advised",
    "page-3",
)

Json = dict[str, Any]


@pytest.fixture(scope="module")
def kafka(broker: str) -> Iterator[str]:
    """The broker, with a worker on topics of this module, and an alert that sounds for each patient."""
    create_topics(Connection(bootstrap_servers=broker).for_kafka_python(), PREFIX)
    with running("worker", "--broker", broker, "--prefix", PREFIX, "--metrics-port", "0"):
        measure(broker, *PATIENTS)
        until(
            lambda: (
                len(json.loads(alerts(broker, "list", "--state", "active", "--json").stdout)["alerts"]) >= len(PATIENTS)
            )
        )
        yield broker


@pytest.fixture(scope="module")
def api(kafka: str) -> Iterator[str]:
    """The API on the same topics; gives its address."""
    with serving(kafka, PREFIX) as url:
        yield url


@pytest.fixture(scope="module")
def quiet(broker: str) -> str:
    """Topics of a simulation without a worker, on which one alert stands; gives the broker's address."""
    client = Connection(bootstrap_servers=broker).for_kafka_python()
    create_topics(client, QUIET)
    told = standing_alert()
    producer = KafkaProducer(**client)
    place = partition_of("p1", PARTITIONS)
    tick = codec.encode(Tick(at=LONG_AGO + timedelta(hours=1)))
    producer.send(f"{QUIET}.patient-events", tick, partition=place).get(10)
    producer.send(f"{QUIET}.alerts-current", codec.encode(told), told.alert_id.encode(), partition=place).get(10)
    producer.close()
    return broker


@contextmanager
def running(*arguments: str, **environment: str) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-m", "vigil", *arguments]
    around = os.environ | environment
    process = subprocess.Popen(command, env=around, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def serving(broker: str, prefix: str, **environment: str) -> Iterator[str]:
    port = free_port()
    with running("api", "--broker", broker, "--prefix", prefix, "--port", str(port), **environment) as process:
        until(lambda: status_of(f"http://127.0.0.1:{port}/healthz") == 200)
        yield f"http://127.0.0.1:{port}"
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0, "it leaves when it is asked to"


def measure(broker: str, *patients: str) -> None:
    """Publishes a panel of each patient that asks for a high alert."""
    log, client = f"{PREFIX}.patient-events", Connection(bootstrap_servers=broker).for_kafka_python()
    now = datetime.now(UTC)
    values = (("9279-1", 26.0, "/min"), ("59408-5", 91.0, "%"), ("8867-4", 134.0, "/min"))
    with Feed(log, client) as feed:
        for patient in patients:
            panel = Reading(
                reading_id=f"r-{patient}",
                patient_id=patient,
                device_id=f"d-{patient}",
                device_type="manual",
                effective_at=now,
                measurements=[Measurement(code=code, value=value, unit=unit) for code, value, unit in values],
            )
            feed.publish(Entry(codec.encode(panel), panel.reading_id, patient.encode()))


def standing_alert() -> Alert:
    return an_alert(
        alert_id="0123456789abcdef01234567", priority="high", at=LONG_AGO, since=LONG_AGO, origin="simulated"
    )


def alerts(broker: str, *arguments: str, prefix: str = PREFIX) -> Result:
    return CliRunner().invoke(cli, ["alerts", *arguments, "--broker", broker, "--prefix", prefix])


def alert_of(broker: str, patient: str) -> Json:
    """The score's alert of a patient, as it stands."""
    told = json.loads(alerts(broker, "list", "--patient", patient, "--kind", "news2", "--json").stdout)
    [found] = told["alerts"]
    return dict(found)


def on_the_log(broker: str, prefix: str, kind: str) -> list[Json]:
    return [each for each in on_the_topic(broker, f"{prefix}.patient-events") if each["type"] == kind]


def on_the_topic(broker: str, topic: str) -> list[Json]:
    batches = read_topics(Connection(bootstrap_servers=broker).for_aiokafka(), [topic])
    return [json.loads(record.value or b"") for records in batches for record in records]


def response_of(broker: str, patient: str) -> Json:
    """What is recommended for a patient, as it was told last."""
    told = on_the_topic(broker, f"{PREFIX}.recommendations")
    return [each for each in told if (each["patient_id"], each["kind"]) == (patient, "response")][-1]


def park(broker: str, *, by: str) -> None:
    """Does as a worker does that fails over somebody's answer."""
    [told] = [each for each in on_the_log(broker, QUIET, "Acknowledgement") if each["by"] == by]
    place = partition_of("p1", PARTITIONS)
    headers = {"reason": "fold-failed", "detail": "no reason", "topic": "t", "partition": str(place), "offset": "0"}
    producer = KafkaProducer(**Connection(bootstrap_servers=broker).for_kafka_python())
    value = codec.encode(codec.decode(json.dumps(told).encode()))
    told_in = [(name, text.encode()) for name, text in headers.items()]
    producer.send(f"{QUIET}.dead-letters", value, b"p1", headers=told_in, partition=place).get(10)
    producer.close()


def status_of(url: str) -> int:
    try:
        return requests.get(url, timeout=5).status_code
    except requests.ConnectionError:
        return 0


def post(url: str, body: object, **headers: str) -> requests.Response:
    return requests.post(url, json=body, headers=headers, timeout=10)


def assert_of_schema(name: str, told: object) -> None:
    """What was told is what the description promises."""
    described = json.loads((ROOT / "consumers/api/openapi.json").read_text(encoding="utf-8"))
    schema = {"$ref": f"#/components/schemas/{name}", "components": described["components"]}
    jsonschema.Draft202012Validator(schema).validate(told)


# --- By command -------------------------------------------------------------------------------------------------------


def test_the_list_shows_what_stands_and_its_filters_leave_out_the_rest(kafka: str) -> None:
    found = alerts(kafka, "list", "--patient", "listed", "--priority", "high")
    none = alerts(kafka, "list", "--patient", "listed", "--ward", "Z9")

    assert (found.exit_code, found.stderr) == (0, "")
    head, *lines = found.stdout.splitlines()
    assert head.startswith("ID ")
    assert all(" HIGH " in line and " listed " in line for line in lines)
    assert any("NEWS2 is 9 (high)" in line for line in lines)
    assert none.stdout == "No such alert stands.\n"


def test_an_alert_is_shown_with_its_history_and_who_answered(kafka: str) -> None:
    alert_id = alert_of(kafka, "shown")["alert_id"]
    assert alerts(kafka, "ack", alert_id, "--by", "dr-3", "--reason", "seen").exit_code == 0

    page = alerts(kafka, "show", alert_id)
    told = json.loads(alerts(kafka, "show", alert_id, "--json").stdout)

    assert page.exit_code == 0
    assert "!!! HIGH acknowledged  shown  NEWS2" in page.stdout
    assert "acknowledged by dr-3: seen" in page.stdout
    assert [each["state"] for each in told["history"]] == ["pending", "active", "acknowledged"]
    assert [(each["answer"], each["by"], each["accepted"]) for each in told["answers"]] == [
        ("Acknowledgement", "dr-3", True)
    ]


def test_an_acknowledgement_holds_until_the_time_that_was_said(kafka: str) -> None:
    alert = alert_of(kafka, "acked")

    done = alerts(kafka, "ack", alert["alert_id"], "--by", "dr-3", "--for", "30m", "--json")

    assert done.exit_code == 0, done.stderr
    result = json.loads(done.stdout)
    assert (result["answer"], result["accepted"]) == ("Acknowledgement", True)
    after = alert_of(kafka, "acked")
    assert (after["state"], after["acknowledged_by"]) == ("acknowledged", "dr-3")
    expires = datetime.fromisoformat(after["acknowledgement"]["expires_at"])
    assert expires - datetime.fromisoformat(after["acknowledgement"]["at"]) == timedelta(minutes=30)


def test_what_the_workers_refuse_is_told_and_changes_nothing(kafka: str) -> None:
    before = alert_of(kafka, "refused")

    expired = alerts(kafka, "ack", before["alert_id"], "--by", "dr-3", "--until", "2020-01-01T00:00:00Z")
    unseen = alerts(kafka, "ack", before["alert_id"], "--by", "dr-3", "--revision", "99")

    assert [done.exit_code for done in (expired, unseen)] == [1, 1]
    assert "Nothing has changed: It had expired" in expired.stderr
    assert "Nothing has changed: It has no revision 99" in unseen.stderr
    assert alert_of(kafka, "refused") == before


@pytest.mark.parametrize(
    "command", [["ack", "zz"], ["snooze", "zz", "--for", "1h"], ["feedback", "zz", "actionable"], ["show", "zz"]]
)
def test_an_alert_that_does_not_stand_is_told_in_one_line(kafka: str, command: list[str]) -> None:
    by = [] if command[0] == "show" else ["--by", "dr-3"]

    done = alerts(kafka, *command, *by)

    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "begins with zz" in done.stderr


@pytest.mark.parametrize("command", ["ack", "show"])
def test_no_id_names_no_alert(command: str, kafka: str) -> None:
    done = alerts(kafka, command, "", *(["--by", "dr-3"] if command == "ack" else []))

    assert (done.exit_code, done.stdout) == (1, "")
    assert "Name the alert by how its id begins" in done.stderr


def test_without_a_worker_the_answer_is_told_to_be_on_the_log_at_the_time_of_the_log(quiet: str) -> None:
    done = alerts(quiet, "ack", "0123", "--by", "dr-3", "--for", "30m", "--wait", "0.5", prefix=QUIET)

    assert done.exit_code == 1
    assert done.stderr == "Error: No worker answered in time: it is on the log, and counts once a worker runs.\n"
    [told] = on_the_log(quiet, QUIET, "Acknowledgement")
    assert (told["at"], told["expires_at"]) == ("2020-01-01T13:00:00Z", "2020-01-01T13:30:00Z")


def test_where_a_log_tells_no_time_nothing_is_published(quiet: str) -> None:
    elsewhere = next(
        f"p{n}" for n in range(2, 99) if partition_of(f"p{n}", PARTITIONS) != partition_of("p1", PARTITIONS)
    )

    done = alerts(quiet, "pause", elsewhere, "--by", "dr-3", "--reason", "x", "--for", "1h", prefix=QUIET)

    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "Nothing was published: simulated-answers.patient-events has a time of its own" in done.stderr
    assert on_the_log(quiet, QUIET, "Pause") == []


def test_an_answer_that_the_workers_park_is_told_with_their_reason(quiet: str) -> None:
    command = ("ack", "0123", "--by", "dr-9", "--wait", "20")
    with ThreadPoolExecutor(1) as person:
        done = person.submit(alerts, quiet, *command, prefix=QUIET)
        until(lambda: any(each["by"] == "dr-9" for each in on_the_log(quiet, QUIET, "Acknowledgement")))
        park(quiet, by="dr-9")

    assert done.result().exit_code == 1
    assert "The workers could not use it (fold-failed: no reason)" in done.result().stderr


@pytest.mark.parametrize("command", [["list"], ["show", "x"], ["pause", "p1", "--by", "x", "--reason", "y", "--end"]])
def test_without_topics_it_is_told_in_one_line(broker: str, command: list[str]) -> None:
    done = alerts(broker, *command, prefix="live-nowhere")

    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "There is no topic live-nowhere." in done.stderr


def test_a_taken_port_is_told_in_one_line(broker: str, api: str) -> None:
    port = api.rpartition(":")[2]
    command = [sys.executable, "-m", "vigil", "api", "--broker", broker, "--prefix", PREFIX, "--port", port]

    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)

    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1), done.stderr
    assert f"can't be served at 127.0.0.1:{port}" in done.stderr


def test_a_snooze_stands_in_the_alert_until_the_time_that_was_said(kafka: str) -> None:
    alert = alert_of(kafka, "snoozed")

    done = alerts(kafka, "snooze", alert["alert_id"], "--by", "nurse-7", "--for", "30m", "--reason", "on the way")

    assert done.exit_code == 0, done.stderr
    [told] = [each for each in on_the_log(kafka, PREFIX, "Snooze") if each["patient_id"] == "snoozed"]
    assert datetime.fromisoformat(told["until"]) - datetime.fromisoformat(told["at"]) == timedelta(minutes=30)
    assert alert_of(kafka, "snoozed")["snoozed_until"] == told["until"]
    assert "snoozed until" in alerts(kafka, "list", "--patient", "snoozed").stdout


def test_feedback_stands_in_the_alert(kafka: str) -> None:
    alert = alert_of(kafka, "rated")

    done = alerts(kafka, "feedback", alert["alert_id"], "not-actionable", "--by", "nurse-7", "--reason", "probe off")

    assert done.exit_code == 0, done.stderr
    assert alert_of(kafka, "rated")["feedback"] == "not-actionable"


def test_a_pause_begins_ends_and_ends_once(kafka: str) -> None:
    who = ("paused", "--by", "nurse-7", "--reason", "in the scanner")

    begun, ended, again = (alerts(kafka, "pause", *who, *how) for how in (("--for", "4h"), ("--end",), ("--end",)))

    assert (begun.exit_code, begun.stdout) == (0, "Paused for paused by nurse-7 for 4h: in the scanner\n")
    assert (ended.exit_code, ended.stdout) == (0, "The pause for paused is over.\n")
    assert again.exit_code == 1
    assert "Nothing has changed: " in again.stderr


def test_a_pause_for_nobody_known_is_refused(api: str, kafka: str) -> None:
    done = alerts(kafka, "pause", "nobody", "--by", "nurse-7", "--reason", "x", "--for", "1h")
    asked = post(f"{api}/patients/nobody/pause", {"by": "nurse-7", "reason": "x", "for_seconds": 60})

    assert done.exit_code == 1
    assert "Nothing has changed: " in done.stderr
    assert asked.status_code == 409


def test_feedback_on_an_alert_that_has_closed_is_taken_and_no_other_answer(api: str, kafka: str) -> None:
    alert_id = alert_of(kafka, "left")["alert_id"]
    client = Connection(bootstrap_servers=kafka).for_kafka_python()
    gone = Outcome(patient_id="left", at=datetime.now(UTC), kind="discharge")
    with Feed(f"{PREFIX}.patient-events", client) as feed:
        feed.publish(Entry(codec.encode(gone), "discharge", b"left"))
    until(lambda: requests.get(f"{api}/alerts/{alert_id}", timeout=5).status_code == 404)

    typed = alerts(kafka, "feedback", alert_id, "actionable", "--by", "nurse-7")
    asked = post(f"{api}/alerts/{alert_id}/feedback", {"by": "nurse-7", "usefulness": "actionable"})
    late = post(f"{api}/alerts/{alert_id}/acknowledgement", {"by": "nurse-7", "revision": 2})

    assert typed.exit_code == 0, typed.stderr
    assert asked.status_code == 200, asked.text
    assert late.status_code == 404


# --- Over HTTP --------------------------------------------------------------------------------------------------------


def test_what_stands_is_listed_and_shown_as_described(api: str) -> None:
    listed = requests.get(f"{api}/alerts", params={"patient": ["web", "two"], "kind": "news2"}, timeout=5)
    first = listed.json()["alerts"][0]
    shown = requests.get(f"{api}/alerts/{first['alert_id']}", timeout=5)

    assert {each["patient_id"] for each in listed.json()["alerts"]} == {"web", "two"}
    assert_of_schema("AlertList", listed.json())
    assert shown.json() == first
    assert listed.headers["Content-Type"] == "application/json"
    assert requests.get(f"{api}/openapi.json", timeout=5).json()["openapi"] == "3.1.0"


def test_an_acknowledgement_over_http_stands_in_the_alert_at_once(api: str, kafka: str) -> None:
    alert = alert_of(kafka, "web")

    done = post(f"{api}/alerts/{alert['alert_id']}/acknowledgement", {"by": "dr-3", "revision": alert["revision"]})
    after = requests.get(f"{api}/alerts/{alert['alert_id']}", timeout=5).json()

    assert done.status_code == 200, done.text
    assert_of_schema("AnswerResult", done.json())
    assert (after["state"], after["revision"]) == ("acknowledged", alert["revision"] + 1)


def test_of_two_who_answer_at_once_the_last_that_was_accepted_stands(api: str, kafka: str) -> None:
    alert = alert_of(kafka, "two")
    url = f"{api}/alerts/{alert['alert_id']}/acknowledgement"

    with ThreadPoolExecutor(2) as both:
        done = list(both.map(lambda by: post(url, {"by": by, "revision": alert["revision"]}), ("dr-3", "dr-4")))

    assert {each.status_code for each in done} <= {200, 409}
    accepted = [each.json() for each in done if each.status_code == 200]
    last = max(accepted, key=lambda result: int(result["offset"]))
    after = alert_of(kafka, "two")
    assert after["acknowledged_by"] == last["by"]
    assert after["revision"] == alert["revision"] + len(accepted)


def test_a_recommendation_that_somebody_declined_over_http_is_told_so(api: str, kafka: str) -> None:
    url = f"{api}/patients/advised/recommendations/{response_of(kafka, 'advised')['recommendation_id']}"

    mute = post(url, {"by": "dr-3", "decision": "declined"})
    done = post(url, {"by": "dr-3", "decision": "declined", "reason": "comfort care"})
    strange = post(url + "0", {"by": "dr-3", "decision": "accepted"})

    assert (mute.status_code, done.status_code, strange.status_code) == (422, 200, 409)
    assert_of_schema("AnswerResult", done.json())
    told = response_of(kafka, "advised")
    assert done.json()["recommendation_id"] == told["recommendation_id"]
    assert [told[field] for field in ("state", "answered_by", "answer_reason")] == ["declined", "dr-3", "comfort care"]


def test_what_the_workers_refuse_is_a_conflict_with_their_result(api: str, kafka: str) -> None:
    url = f"{api}/alerts/{alert_of(kafka, 'refused')['alert_id']}/acknowledgement"

    done = post(url, {"by": "dr-3", "revision": 99})

    assert (done.status_code, done.headers["Content-Type"]) == (409, "application/problem+json")
    assert_of_schema("Problem", done.json())
    assert done.json()["result"]["detail"].startswith("It has no revision 99")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"revision": 1}, "by"),
        ({"by": " ", "revision": 1}, "by"),
        ({"by": "x", "revision": "1"}, "revision"),
        ({"by": "x", "revision": 1, "for_seconds": 0}, "for_seconds"),
        ({"by": "x", "revision": 1, "for_seconds": 60, "until": "2026-11-21T03:00:00Z"}, "until"),
        ({"by": "x", "revision": 1, "until": "tomorrow"}, "until"),
        ({"by": "x", "revision": 1, "sudo": True}, "sudo"),
        ([], None),
    ],
)
def test_a_body_that_cannot_be_taken_is_told_by_its_field(api: str, body: object, field: str | None) -> None:
    done = post(f"{api}/alerts/any/acknowledgement", body)

    assert done.status_code == 422
    assert_of_schema("Problem", done.json())
    assert [each["field"] for each in done.json()["errors"]] == [field]


@pytest.mark.parametrize(
    ("method", "path", "headers", "data", "status"),
    [
        ("GET", "/alerts/nobody", {}, None, 404),
        ("GET", "/nothing", {}, None, 404),
        ("DELETE", "/alerts", {}, None, 405),
        ("OPTIONS", "/alerts", {"Origin": "https://elsewhere.example"}, None, 405),
        ("GET", "/alerts?priority=urgent", {}, None, 422),
        ("GET", "/alerts?colour=red", {}, None, 422),
        ("GET", "/alerts", {"Host": "rebound.example"}, None, 421),
        ("POST", "/alerts/x/feedback", {"Content-Type": "application/json"}, b"{", 400),
        ("POST", "/alerts/x/feedback", {"Content-Type": "application/json"}, b"\xff", 400),
        ("POST", "/alerts/x/feedback", {"Content-Type": "application/json"}, b" " * 20_000, 413),
        ("POST", "/alerts/x/feedback", {"Content-Type": "text/plain"}, b"{}", 415),
        ("POST", "/alerts/x/feedback", {"Content-Type": "application/json; charset=utf-16"}, b"{}", 415),
        ("POST", "/alerts/x/feedback", {}, b"{}", 415),
        ("POST", "/alerts/x/feedback", {"Content-Type": "application/json"}, FEEDBACK, 404),
    ],
)
def test_whatever_is_refused_is_a_problem_in_json(
    api: str, method: str, path: str, headers: dict[str, str], data: bytes | None, status: int
) -> None:
    done = requests.request(method, api + path, headers=headers, data=data, timeout=5)

    assert (done.status_code, done.headers["Content-Type"]) == (status, "application/problem+json")
    assert_of_schema("Problem", done.json())
    assert "Access-Control-Allow-Origin" not in done.headers


@pytest.mark.parametrize(
    ("block", "patient"),
    [*zip(EXAMPLES, ["page", "page-2", "page-3"], strict=True)],
    ids=["look", "answer", "recommendation"],
)
def test_the_examples_of_the_page_do_what_it_says(
    api: str, kafka: str, block: str, patient: str, requires_program: Callable[[str], str]
) -> None:
    requires_program("curl")
    about = {"ALERT": alert_of(kafka, patient)["alert_id"], "PATIENT": patient}
    about["RECOMMENDATION"] = response_of(kafka, patient)["recommendation_id"]

    script = block.replace("http://127.0.0.1:9160", api)
    done = subprocess.run(
        ["sh", "-eux", "-c", script], env=os.environ | about, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr + done.stdout
    assert '"accepted":true' in done.stdout


def test_with_a_token_only_who_bears_it_is_let_in_and_without_a_worker_time_runs_out(quiet: str) -> None:
    environment = {"VIGIL_API_TOKEN": TOKEN, "VIGIL_API_HOST": "0.0.0.0", "VIGIL_API_WAIT_SECONDS": "0.7"}
    with serving(quiet, QUIET, **environment) as url:
        before = len(on_the_log(quiet, QUIET, "Acknowledgement"))
        refused = [
            requests.get(f"{url}/alerts", timeout=5),
            requests.get(f"{url}/alerts", headers={"Authorization": f"Bearer {TOKEN}x"}, timeout=5),
            requests.get(f"{url}/alerts", headers={"Authorization": f"Basic {TOKEN}"}, timeout=5),
        ]
        target = f"{url}/alerts/{standing_alert().alert_id}/acknowledgement"

        done = post(target, {"by": "dr-3", "revision": 2, "for_seconds": 60}, Authorization=f"Bearer {TOKEN}")

    assert [(each.status_code, each.headers["WWW-Authenticate"]) for each in refused] == [(401, "Bearer")] * 3
    assert done.status_code == 504
    assert "is on the log" in done.json()["detail"]
    told = on_the_log(quiet, QUIET, "Acknowledgement")
    assert len(told) == before + 1
    assert {each["at"] for each in told} == {"2020-01-01T13:00:00Z"}


def test_while_kafka_is_gone_nothing_old_is_told(tmp_path: Path) -> None:
    with Broker(tmp_path / "kafka") as broker:
        create_topics(Connection(bootstrap_servers=broker.address).for_kafka_python(), PREFIX)
        with serving(broker.address, PREFIX, VIGIL_API_WAIT_SECONDS="0.5") as url:
            assert requests.get(f"{url}/alerts", timeout=5).json() == {"alerts": [], "unreadable": 0}

            os.kill(broker.pid, signal.SIGKILL)
            broker.wait(30)
            broker.stop()
            gone = [requests.get(f"{url}{path}", timeout=5) for path in ("/alerts", "/alerts/any", "/healthz")]
            paused = post(f"{url}/patients/p1/pause", {"by": "x", "reason": "y", "for_seconds": 60})

            assert [(each.status_code, each.headers["Retry-After"]) for each in [*gone, paused]] == [(503, "2")] * 4
            broker.start()
            until(lambda: status_of(f"{url}/alerts") == 200)
