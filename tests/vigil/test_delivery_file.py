"""A file of routes is taken as a whole, or refused with the line and what to write there."""

import base64
from pathlib import Path

import pytest

from consumers.delivery.channels import CHANNELS
from vigil.delivery_file import load_configuration
from vigil.errors import CommandFailed

ROOT = Path(__file__).parents[2]
SECRET = "whsec_" + base64.b64encode(b"0" * 24).decode()
RECEIVERS = '[[receivers]]\nname = "a"\nkind = "console"\n[[receivers]]\nname = "b"\nkind = "console"\n'
ROUTES = '[[routes]]\nreceivers = ["a"]\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "delivery.toml"


def test_the_least_that_can_be_written_is_enough(file: Path) -> None:
    file.write_text(RECEIVERS + ROUTES)

    found = load_configuration(file)

    assert list(found.receivers) == ["a", "b"]
    assert [(route.name, route.receivers, route.origins) for route in found.routes] == [("route 1", [["a"]], ["live"])]
    assert found.heartbeat is None


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("", 1, r"write at least one \[\[receivers\]\]"),
        (RECEIVERS, 1, r"write at least one \[\[routes\]\]"),
        (RECEIVERS + ROUTES + "[watchdog]\n", 9, "watchdog is no table; there are receivers, routes, heartbeat"),
        (RECEIVERS + ROUTES + "repeat_second = 3\n", 9, "repeat_second is no setting; there are .*repeat_seconds"),
        (RECEIVERS + ROUTES + "[routes.match]\nwad = 3\n", 10, "match.wad is no setting; there are ward, bed"),
        (RECEIVERS + '[[routes]]\nreceivers = ["a", "c"]\nescalate_after_seconds=1', 8, "'c' is no receiver.*a, b"),
        (RECEIVERS + "[[routes]]\nreceivers = []\n", 8, 'leads to nobody: write `receivers = ."NAME".`'),
        (RECEIVERS + '[[routes]]\nreceivers = ["a",\n []]\n', 8, "leads to nobody"),
        (RECEIVERS + "[[routes]]\nrepeat_seconds = 1\n", 7, "receivers is missing: write `receivers = ...`"),
        (RECEIVERS + ROUTES + "patience_seconds = -1\n", 9, "patience_seconds can't be used: .*greater than 0"),
        (RECEIVERS + ROUTES + "group_wait_seconds = 5\n", 9, 'needs a group: write `group_by = ."ward".`'),
        (RECEIVERS + ROUTES + "escalate_after_seconds = 5\n", 9, "needs a second step in `receivers`"),
        (RECEIVERS + '[[routes]]\nreceivers = ["a", "b"]\n', 8, "write `escalate_after_seconds = 300`"),
        (
            RECEIVERS + ROUTES + 'quiet_hours = {from = "22:00", to = "07:00", zone = "UTC"}\n',
            9,
            r"low priorities only: write `match = \{priority = ..low..\}`",
        ),
        (
            RECEIVERS
            + ROUTES
            + 'match = {priority = ["low", "high"]}\nquiet_hours = {from = "22:00", to = "07:00", zone = "UTC"}\n',
            10,
            "low priorities only",
        ),
        (RECEIVERS + ROUTES + 'origins = ["test"]\n', 9, "origins can't be used: .*'live', 'replay' or 'simulated'"),
        (RECEIVERS + RECEIVERS + ROUTES, 8, "'a' is a name twice: write another one"),
        (RECEIVERS + ROUTES * 2 + 'name = "route 1"\n', 11, "'route 1' is a name twice"),
        ('[[receivers]]\nname = "a"\nkind = "fax"\n' + ROUTES, 3, "write `kind = ` and one of apprise, console"),
        ('[[receivers]]\nname = "a"\n' + ROUTES, 1, "write `kind = `"),
        ('[[receivers]]\nname = "a b"\nkind = "console"\n' + ROUTES, 2, "name can't be used"),
        (RECEIVERS + "retry_seconds = 90\n" + ROUTES, 7, "write a longer one"),
        (RECEIVERS + "rate_per_minute = 0\n" + ROUTES, 7, "rate_per_minute can't be used: .*greater than 0"),
        (RECEIVERS + 'template = "none.txt"\n' + ROUTES, 7, "none.txt can't be used"),
        ('[[receivers]]\nname = "a"\nkind = "webhook"\n' + ROUTES, 1, "write `url_env`"),
        (
            '[[receivers]]\nname = "a"\nkind = "webhook"\nurl = "https://x"\nsecret_env = "NOWHERE"\n' + ROUTES,
            5,
            "secret_env names NOWHERE, which is not set",
        ),
        (
            '[[receivers]]\nname = "a"\nkind = "webhook"\nurl = "https://x"\nurl_env = "X"\nsecret = "x"\n' + ROUTES,
            4,
            "url and url_env say the same: write one of them",
        ),
        (
            f'[[receivers]]\nname = "a"\nkind = "webhook"\nurl = "ftp://x"\nsecret = "{SECRET}"\n' + ROUTES,
            4,
            "write one that begins with https://",
        ),
        ('[[receivers]]\nname = "a"\nkind = "apprise"\nurl = "pigeon://x"\n' + ROUTES, 4, "no service that Apprise"),
        ('[[receivers]]\nname = "a"\nkind = "kafka"\ntopic = "live.alerts"\n' + ROUTES, 4, "write another name"),
        (RECEIVERS + ROUTES + '[heartbeat]\nurl_file = "none"\n', 10, "url_file names none, which can't be read"),
        (RECEIVERS + ROUTES + '[heartbeat]\nurl = "x"\nevery_seconds = 0\n', 11, "every_seconds can't be used"),
    ],
)
def test_a_slip_is_refused_with_its_line_and_what_to_write(file: Path, text: str, line: int, told: str) -> None:
    file.write_text(text)

    with pytest.raises(CommandFailed, match=rf"line {line}: .*{told}") as refused:
        load_configuration(file)

    assert str(refused.value.message).startswith(f"{file}, line ")
    assert "\n" not in refused.value.message


def test_every_slip_is_told_at_once(file: Path) -> None:
    file.write_text(RECEIVERS + "burst = 0\n" + ROUTES + "repeat_seconds = 0\n")

    with pytest.raises(CommandFailed, match=r"line 7: burst .*; line 10: repeat_seconds"):
        load_configuration(file)


@pytest.mark.parametrize(("content", "told"), [(b"[[routes", "is no TOML"), (b"a = '\xff'", "is no TOML")])
def test_what_is_no_toml_is_refused(file: Path, content: bytes, told: str) -> None:
    file.write_bytes(content)

    with pytest.raises(CommandFailed, match=told):
        load_configuration(file)


def test_a_file_that_is_not_there_is_told(file: Path) -> None:
    with pytest.raises(CommandFailed, match=r"There is no file .*--config"):
        load_configuration(file)


def test_a_secret_is_never_told(file: Path) -> None:
    file.write_text('[[receivers]]\nname = "a"\nkind = "webhook"\nurl = "ftp://tok3n@x"\nsecret = "5ecret"\n' + ROUTES)

    with pytest.raises(CommandFailed) as refused:
        load_configuration(file)

    assert "tok3n" not in refused.value.message
    assert "5ecret" not in refused.value.message


def test_the_example_can_be_used_once_its_secrets_are_there(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text((ROOT / "deploy/delivery/example.toml").read_text())
    (file.parent / "technicians.url").write_text("mailto://user:password@mail.example?to=technicians@mail.example\n")
    for name in ("VIGIL_WARD_PHONE_URL", "VIGIL_DOCTOR_ON_CALL_URL"):
        monkeypatch.setenv(name, "ntfys://topic")
    monkeypatch.setenv("VIGIL_HUB_URL", "https://hub.example/alerts")
    monkeypatch.setenv("VIGIL_HUB_SECRET", SECRET)
    monkeypatch.setenv("VIGIL_WATCHDOG_URL", "https://watchdog.example/ping")

    found = load_configuration(file)

    assert [route.name for route in found.routes] == ["hub", "equipment", "later", "urgent"]
    assert {receiver.kind for receiver in found.receivers.values()} < CHANNELS.keys()
