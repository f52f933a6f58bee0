"""`vigil replay`, from the command line through a real Kafka and real workers."""

import json
import signal
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import psutil
import pytest
from kafka import KafkaProducer

from models import codec
from streams.settings import Connection
from streams.topics import create_topics
from tests.command_line import vigil as here
from tests.stays import published
from tests.waiting import until
from vigil.broker import Broker
from vigil.log_reader import read_topics
from vigil.processing import Committed
from vigil.recording import SAMPLE

READING = {
    "type": "Reading",
    "reading_id": "d1-1",
    "patient_id": "p1",
    "device_id": "d1",
    "effective_at": "2026-11-21T03:00:00Z",
    "measurements": [{"code": "8867-4", "value": 72, "unit": "/min"}],
}


def vigil(*arguments: str | int | Path) -> subprocess.CompletedProcess[str]:
    """Runs a command in a process of its own, as a replay with workers of its own needs."""
    command = [sys.executable, "-m", "vigil", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def new_name() -> str:
    return uuid.uuid4().hex


def test_the_sample_is_replayed_and_every_reading_has_one_output(broker: str) -> None:
    done = vigil("replay", "sample", "--limit", 3, "--broker", broker, "--run", (name := new_name()), "--json")

    assert (done.returncode, done.stderr) == (0, "")
    report = json.loads(done.stdout)
    assert report["published"] == report["processed"] == report["readings"] + 2 * 3
    assert report["assessments"] >= report["readings"] > 300
    assert report["measurements"] > report["readings"]
    assert (report["missing"], report["doubled"], report["dead_letters"], report["refused"]) == (0, 0, {}, [])
    assert (report["stopped_early"], report["unreadable"]) == (False, [])
    assert (report["run"], report["prefix"]) == (name, f"replay-{name}")
    assert report["alerts"] >= report["notified"] > 0
    assert report["ticks"] % 8 == 0


def test_months_at_home_are_replayed_and_what_is_told_again_is_a_duplicate(broker: str, tmp_path: Path) -> None:
    rows = [f"A,2020-11-01 01:{minute:02}:00,{60 + minute}" for minute in range(60)]
    (tmp_path / "A_hr.csv").write_text("\n".join(["user,datetime,heartrate", *rows, *rows[-5:]]) + "\n")
    (tmp_path / "A_steps.csv").write_text("user,datetime,steps\nA,2020-11-01 01:00:00,0\n")

    done = vigil("replay", "fitbit", tmp_path, "--broker", broker, "--run", (name := new_name()), "--json")

    report = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert (report["readings"], report["missing"], report["doubled"], report["dead_letters"]) == (66, 0, 0, {})
    assert report["skipped"] == {"no-onset": 1}
    assert sum(told["duplicate"] for told in assessments(broker, name)) == 5


def test_an_hour_of_seconds_is_replayed(broker: str, tmp_path: Path) -> None:
    seconds = [f"{second // 60},{70 + second % 3},14.5,{1644227583 + second},0" for second in range(120)]
    table = tmp_path / "participants.csv"
    table.write_text("\n".join(["Participant,HR,respr,Time(sec),Label", *seconds]) + "\n")

    done = vigil("replay", "stress-predict", table, "--broker", broker, "--run", new_name(), "--json")

    report = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert (report["published"], report["readings"], report["measurements"]) == (124, 120, 240)
    assert (report["missing"], report["doubled"], report["dead_letters"]) == (0, 0, {})


def test_with_a_learner_every_example_is_learned_before_the_end(broker: str) -> None:
    replay = ["replay", "sample", "--learner", "--broker", broker, "--run", (name := new_name()), "--json"]
    done = vigil(*replay)

    assert (done.returncode, done.stderr) == (0, "")
    report = json.loads(done.stdout)
    assert report["published"] == report["processed"]
    assert (report["missing"], report["doubled"]) == (0, 0)
    assert report["examples"] > 300
    assert report["unpublished"]["stay"].startswith("death came of 20 of 81 examples, but no candidate has passed")
    assert (report["stay_model"], report["model"] is None) == (None, "deterioration" in report["unpublished"])
    group, topic = f"vigil-replay-{name}-learner", f"replay-{name}.examples"
    with Committed(Connection(bootstrap_servers=broker).for_kafka_python(), group, topic) as committed:
        assert committed.offsets()[0] >= report["examples"]


def test_versions_can_be_listed_and_shown_and_gone_back_to(broker: str) -> None:
    prefix, client = f"replay-{new_name()}", Connection(bootstrap_servers=broker).for_kafka_python()
    there = ["--prefix", prefix, "--broker", broker]
    create_topics(client, prefix)
    lines = (Path(__file__).parents[2] / "docs/example.jsonl").read_bytes().splitlines()
    model = next(line for line in lines if b'"ModelPublished"' in line)
    producer = KafkaProducer(**client)
    of_stays = codec.encode(published(9))
    for value in (model, model.replace(b"4711", b"4712"), model, of_stays, b"garbage"):
        producer.send(f"{prefix}.patient-events", value, partition=0).get(20)
    producer.close()

    def back(*to: str) -> subprocess.CompletedProcess[str]:
        return here("models", "rollback", *to, "--by", "dr-3", "--reason", "another ward", *there)

    unknown, gone, again = back("--to", "4713"), back(), back()
    listed = json.loads(here("models", "list", *there, "--json").stdout)["versions"]
    shown = json.loads(here("models", "show", 4712, *there, "--json").stdout)
    card = here("models", "card", *there)
    at_last = back("--to", "none")
    stays = [here("models", command, "--model", "stay", *there) for command in ("list", "card")]
    shown_stay = here("models", "show", 9, "--model", "stay", *there)
    without_stays = back("--to", "none", "--model", "stay")

    assert [each.returncode for each in (unknown, gone, again, card, at_last)] == [1, 0, 1, 0, 0]
    assert unknown.stderr.endswith("workers can go back with --to 4711 or none.\n")
    assert "From here on version 4711 foretells, on 8 partitions" in gone.stdout
    assert [(each["version"], each["withdrawn_by"]) for each in listed] == [(4711, None), (4712, "dr-3")]
    assert "version 4711: AUROC 0.810 (NEWS2 alone 0.770), Brier 0.050" in here("models", "list", *there).stdout
    assert (shown["model"]["version"], shown["summary"]["reason"]) == (4712, "another ward")
    assert "# Model card: version 4711" in card.stdout
    assert "no version foretells" in at_last.stdout
    assert [each.returncode for each in (*stays, shown_stay, without_stays)] == [0, 0, 0, 0]
    assert [len(each.stdout.splitlines()) for each in stays[:1]] == [1]
    assert "# Model card: version 9 of the stay model" in stays[1].stdout
    assert "bytes of a curve" in shown_stay.stdout
    assert here("models", "card", *there).stderr.count("\n") == 1


def test_models_of_a_prefix_that_is_not_there_are_told_in_one_line(broker: str) -> None:
    done = here("models", "list", "--prefix", "live-nowhere", "--broker", broker)

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1


def test_a_used_name_is_refused_unless_it_is_emptied(broker: str) -> None:
    replay = ["replay", "sample", "--limit", "1", "--broker", broker, "--run", new_name(), "--json"]
    first = vigil(*replay)

    again, fresh = vigil(*replay), vigil(*replay, "--fresh")

    assert again.returncode == 1
    assert again.stdout == ""
    assert again.stderr.count("\n") == 1
    assert "--fresh" in again.stderr
    assert fresh.returncode == 0
    assert _timeless(fresh.stdout) == _timeless(first.stdout)


def test_workers_that_run_already_can_do_the_work(broker: str) -> None:
    name = new_name()
    join = ["replay", "events", "docs/example.jsonl", "--workers", "0", "--broker", broker, "--run", name, "--json"]
    prefix = f"replay-{name}"
    command = [sys.executable, "-m", "vigil", "worker", "--prefix", prefix, "--broker", broker, "--metrics-port", "0"]

    before = vigil(*join)
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as worker:
        until(
            lambda: f"{prefix}.patient-events" in vigil("topics", "list", "--broker", broker).stdout,
            process=worker,
        )
        done, again, emptied = vigil(*join), vigil(*join), vigil(*join, "--fresh")
        worker.terminate()

    assert (before.returncode, before.stdout) == (1, "")
    assert f"vigil worker --prefix {prefix}" in before.stderr
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["missing"] == 0
    assert (again.returncode, emptied.returncode) == (1, 1)
    assert "used already" in again.stderr
    assert "under the workers" in emptied.stderr


def test_an_export_can_be_replayed_and_exported_again_byte_for_byte(broker: str, tmp_path: Path) -> None:
    first, second = new_name(), new_name()
    events = tmp_path / "events.jsonl"
    odd = [b"garbage", b"\xff\xfe", b"{}", json.dumps(READING | {"v": 9}).encode(), json.dumps(READING).encode()]
    events.write_bytes(b"\n".join(odd))
    vigil("replay", "events", events, "--broker", broker, "--run", first)
    vigil("topics", "export", tmp_path / "first.jsonl", "--prefix", f"replay-{first}", "--broker", broker)

    replayed = vigil("replay", tmp_path / "first.jsonl", "--broker", broker, "--run", second, "--json")
    vigil("topics", "export", tmp_path / "second.jsonl", "--prefix", f"replay-{second}", "--broker", broker)

    assert replayed.returncode == 0
    assert (tmp_path / "second.jsonl").read_bytes() == (tmp_path / "first.jsonl").read_bytes()
    assert json.loads(replayed.stdout)["dead_letters"] == {"undecodable": 2, "unknown-type": 1, "unknown-version": 1}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["events.jsonl", "first.jsonl", "second.jsonl"]


def test_a_record_that_is_too_large_is_told_by_its_line(broker: str, tmp_path: Path) -> None:
    events = tmp_path / "events.jsonl"
    large = READING | {"reading_id": "large", "more": "x" * 1024 * 1024}
    events.write_text(f"{json.dumps(READING)}\n{json.dumps(large)}\n")

    done = vigil("replay", events, "--broker", broker, "--run", new_name(), "--json")

    report = json.loads(done.stdout)
    assert (done.returncode, report["published"], report["missing"]) == (1, 1, 0)
    assert [refusal["name"] for refusal in report["refused"]] == ["line 2"]
    assert done.stderr.count("\n") == 1
    assert "line 2" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["physionet2012", "nowhere.tar.gz"], "nowhere.tar.gz does not exist"),
        (["events"], "Which events?"),
        (["elsewhere"], "There is no source elsewhere"),
        (["sample", "--speed", "fast"], "--speed"),
        (["sample", "--run", "a b"], "--run"),
        (["nowhere.jsonl"], "can't be read"),
        (["stress-predict"], "Which stress-predict?"),
        (["stress-predict", "nowhere.csv.gz"], "nowhere.csv.gz can't be read"),
        (["stress-predict", "README.md", "--outcomes", "x.csv"], "--outcomes is not for stress-predict"),
        (["stress-predict", "README.md"], "README.md has no columns"),
        (["fitbit"], "Which people?"),
        (["fitbit", "nowhere"], "nowhere can't be read"),
        (["fitbit", "docs"], "docs holds no"),
    ],
)
def test_what_can_not_be_played_is_told_in_one_line(arguments: list[str], told: str) -> None:
    done = here("replay", *arguments, "--json")

    assert done.returncode != 0
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert told in done.stderr


def test_a_truncated_archive_is_told_before_anything_is_published(tmp_path: Path) -> None:
    broken = tmp_path / "set-a.tar.gz"
    broken.write_bytes(SAMPLE.read_bytes()[:-5000])

    done = here("replay", "physionet2012", broken, "--json")

    assert (done.returncode, done.stdout) == (1, "")
    assert "fetch it again" in done.stderr
    assert done.stderr.count("\n") == 1


def test_without_a_broker_it_is_told_in_one_line() -> None:
    done = vigil("replay", "sample", "--broker", "127.0.0.1:1", "--json")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "see that the broker runs" in done.stderr


def test_a_file_that_can_not_be_read_is_named(broker: str, tmp_path: Path) -> None:
    rows = "Time,Parameter,Value\n00:00,RecordID,1\n00:07,HR,73\n"
    (tmp_path / "1.txt").write_text(rows)
    (tmp_path / "2.txt").write_bytes(b"\xff\xfe")

    done = vigil("replay", "physionet2012", tmp_path, "--broker", broker, "--run", new_name(), "--json")

    report = json.loads(done.stdout)
    assert (done.returncode, report["unreadable"], report["skipped"]["unreadable-file"]) == (0, ["2.txt"], 1)
    assert done.stderr == "vigil: Files that are no stay or can't be read are passed over: 2.txt.\n"


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_one_that_is_stopped_tells_what_was_done_and_leaves_no_process(broker: str, asked: signal.Signals) -> None:
    name = new_name()
    replay_slowly = ["replay", "sample", "--speed", "1", "--broker", broker, "--run", name, "--json"]
    command = [sys.executable, "-m", "vigil", *replay_slowly]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as replay:
        until(lambda: bool(psutil.Process(replay.pid).children()), process=replay)
        children = psutil.Process(replay.pid).children(recursive=True)
        until(lambda: has_records(broker, f"replay-{name}.patient-events"), process=replay)

        replay.send_signal(asked)
        told, complaint = replay.communicate(timeout=60)

    report = json.loads(told)
    assert (replay.returncode, complaint) == (130, b"")
    assert report["stopped_early"]
    assert 0 < report["published"] + report["ticks"] < 100
    assert 0 <= report["processed"] <= report["published"]
    assert report["doubled"] == 0
    assert not [child for child in children if child.is_running()]


def test_one_that_is_stopped_before_its_workers_have_begun_says_so_to_people(tmp_path: Path) -> None:
    name = new_name()
    command = [sys.executable, "-m", "vigil", "replay", "sample", "--speed", "1", "--run", name]
    with (
        Broker(tmp_path) as fresh,
        subprocess.Popen(
            [*command, "--broker", fresh.address], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as replay,
    ):
        until(lambda: has_records(fresh.address, f"replay-{name}.patient-events"), process=replay)
        replay.send_signal(signal.SIGINT)
        told, complaint = replay.communicate(timeout=60)

    assert (replay.returncode, complaint) == (130, b"")
    assert b"\nprocessed         0 records in " in told
    assert b"\nstopped early     this is what was done until then\npublished " in told
    assert b"\nno output yet " in told


def has_records(broker: str, topic: str) -> bool:
    client: dict[str, Any] = Connection(bootstrap_servers=broker).for_aiokafka()
    return any(records for records in read_topics(client, [topic]))


def assessments(broker: str, name: str) -> list[dict[str, Any]]:
    client: dict[str, Any] = Connection(bootstrap_servers=broker).for_aiokafka()
    read = read_topics(client, [f"replay-{name}.assessments"])
    return [json.loads(record.value or b"") for records in read for record in records]


def _timeless(report: str) -> dict[str, Any]:
    counts: dict[str, Any] = json.loads(report)
    return {name: count for name, count in counts.items() if name not in {"seconds", "panels_per_second"}}
