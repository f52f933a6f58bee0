"""What the command of the ward page refuses before it serves anything."""

import pytest
from click.testing import CliRunner

from vigil.cli import cli


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--hours", "99999"], "--hours can't be used"),
        (["--hours", "-1"], "-1.0 is not in the range"),
        (["--hours", "nan"], "nan is no number"),
        (["--host", "0.0.0.0"], "it needs a token"),
        (["--prefix", "nonsense"], "'nonsense' is none of live"),
        (["--port", "70000"], "70000 is not in the range"),
        (["--broker", "nowhere"], "'nowhere' is not HOST:PORT"),
    ],
)
def test_what_can_not_be_served_is_told_before_it_is(arguments: list[str], complaint: str) -> None:
    done = CliRunner().invoke(cli, ["ward", *arguments])

    assert done.exit_code != 0
    assert done.stdout == ""
    assert complaint in done.stderr


@pytest.mark.parametrize(
    ("variable", "value", "complaint"),
    [
        ("VIGIL_WARD_TOKEN", "short", "16 printable ASCII"),
        ("VIGIL_WARD_PREFIX", "foo", "prefix 'foo' is none of"),
        ("VIGIL_WARD_MOST_PATIENTS", "0", "VIGIL_WARD_MOST_PATIENTS can't be used"),
    ],
)
def test_a_setting_that_can_not_be_used_is_told_by_its_name(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, complaint: str
) -> None:
    monkeypatch.setenv(variable, value)

    done = CliRunner().invoke(cli, ["ward"])

    assert (done.exit_code, done.stdout) == (1, "")
    assert complaint in done.stderr
