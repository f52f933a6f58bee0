"""`vigil observe` before anything is published: what is believed of what a person types."""

from typing import Any

import pytest
from click.testing import CliRunner, Result

from consumers.hand_entry import VITALS, NotBelievedError, said
from models.events import Measurement
from vigil.cli import cli

NOWHERE = ("--broker", "127.0.0.1:1")
WHO = ("--patient", "p1", "--by", "nurse Joy")


def observe(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["observe", *NOWHERE, *arguments])


def entered(name: str, text: str) -> list[tuple[str, Any, str | None]]:
    return [(each.code, each.value, each.unit) for each in VITALS[name].read(text)]


@pytest.mark.parametrize(
    ("name", "text", "measured"),
    [
        ("temperature", "38.2", [("8310-5", 38.2, "Cel")]),
        ("temperature", "100.8[degF]", [("8310-5", 100.8, "[degF]")]),
        ("temperature", "100.8 °F", [("8310-5", 100.8, "[degF]")]),
        ("pressure", "120/80", [("8480-6", 120.0, "mm[Hg]"), ("8462-4", 80.0, "mm[Hg]")]),
        ("pressure", "16/10.7kPa", [("8480-6", 16.0, "kPa"), ("8462-4", 10.7, "kPa")]),
        ("spo2", " 95 % ", [("59408-5", 95.0, "%")]),
        ("oxygen_flow", "2", [("3151-8", 2.0, "L/min")]),
        ("glucose", "5.4mmol/L", [("2339-0", 5.4, "mmol/L")]),
        ("glucose", "97 mg/dL", [("2339-0", 97.0, "mg/dL")]),
        ("acvpu", "c", [("67775-7", "C", None)]),
    ],
)
def test_a_value_bears_the_unit_that_it_was_given_or_the_one_that_was_shown(
    name: str, text: str, measured: list[Any]
) -> None:
    assert entered(name, text) == measured


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("temperature", "98.6", r"98.6 Cel is implausible: temperature lies between 20 °C and 47 °C"),
        ("temperature", "38,2", "'38,2' is not a number"),
        ("temperature", "38.2K", "implausible"),
        ("temperature", "38.2 celsius", "38.2 celsius is unknown-unit: temperature is taken in Cel"),
        ("pulse", "301", "implausible"),
        ("spo2", "101", "implausible"),
        ("glucose", "5.4", "5.4 could be mg/dL or mmol/L or mg/L or g/L: say the unit"),
        ("pressure", "120", "is not systolic/diastolic"),
        ("pressure", "80/120", "the systolic pressure comes first"),
        ("acvpu", "awake", "consciousness is one of A, C, V, P, U"),
    ],
)
def test_what_is_not_believable_is_refused_with_the_reason(name: str, text: str, why: str) -> None:
    with pytest.raises(NotBelievedError, match=why):
        VITALS[name].read(text)


@pytest.mark.parametrize(
    ("measurement", "told"),
    [
        (Measurement(code="8310-5", value=38.2, unit="Cel"), "temperature 38.2 °C"),
        (Measurement(code="2339-0", value=5.4, unit="mmol/L"), "glucose 97.3 mg/dL (from 5.4 mmol/L)"),
        (Measurement(code="67775-7", value="C"), "consciousness newly confused"),
        (Measurement(code="8867-4", value=28.0, unit="/min"), "heart rate 28 /min, suspect: not what is usual"),
    ],
)
def test_what_is_published_is_said_as_it_will_count(measurement: Measurement, told: str) -> None:
    assert said(measurement) == told


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        ([*WHO, "--temperature", "98.6"], 2, "temperature lies between 20 °C and 47 °C"),
        ([*WHO, "--glucose", "5.4"], 2, "say the unit"),
        ([*WHO], 2, "at least one value"),
        (["--patient", "p1", "--pulse", "80"], 2, "--by"),
        ([*WHO, "--air", "--oxygen-flow", "2"], 2, "Either --air or --oxygen-flow"),
        ([*WHO, "--pulse", "80", "--at", "soon"], 2, "give a time as in"),
        ([*WHO, "--pulse", "80", "--at", "2026-11-21T03:00:00"], 2, "say the time zone"),
        ([*WHO, "--pulse", "80", "--at", "2126-11-21T03:00:00Z"], 1, "still to come"),
        ([*WHO, "--pulse", "80", "--prefix", "replay-x"], 1, "have a time of their own"),
        (["--patient", "p" * 300, "--by", "x", "--pulse", "80"], 1, "can't be published"),
    ],
)
def test_a_mistake_is_one_line_and_nothing_is_published(arguments: list[str], status: int, told: str) -> None:
    done = observe(*arguments)

    assert done.exit_code == status
    assert told in done.stderr
    assert "Published" not in done.output
