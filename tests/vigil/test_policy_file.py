"""A policy file: what it says is what is meant, and a slip is told with file, line and what to write."""

from pathlib import Path

import pytest
from msgspec import UNSET

from models.alerting.policy_book import PolicyBook
from models.events import PolicyChanged
from vigil.errors import CommandFailed
from vigil.policy_file import load_policy
from vigil.policy_log import Change, changes

POLICY = """\
version = "2026-11"

[limits.oxygen_saturation]
low = 88
delay_seconds = 30

[limits."8867-4"]
high = "none"

[news2]
high_from = 8

[ward.A1.limits.heart_rate]
low = 45

[patient.p1.limits.glucose]
low = 80
"""


def policy(folder: Path, text: str = POLICY) -> PolicyBook:
    file = folder / "site.toml"
    file.write_text(text)
    return load_policy(file)


def test_site_ward_and_patient_tell_what_the_file_says(tmp_path: Path) -> None:
    book = policy(tmp_path)

    assert book.site is not None
    saturation, pulse = book.site.policy.limits["oxygen_saturation"], book.site.policy.limits["8867-4"]
    assert (saturation.low, saturation.delay_seconds, saturation.high) == (88, 30, UNSET)
    assert pulse.high is None
    assert book.site.policy.news2.high_from == 8
    assert {told.version for told in (book.site, *book.wards.values(), *book.patients.values())} == {"2026-11"}
    assert (book.wards["A1"].policy.limits["heart_rate"].low, book.patients.keys()) == (45, {"p1"})


def test_a_file_of_a_version_alone_tells_nothing(tmp_path: Path) -> None:
    assert policy(tmp_path, 'version = "0"\n') == PolicyBook()


@pytest.mark.parametrize(
    ("slip", "complaint"),
    [
        (("delay_seconds = 30", "delay_seconds = -1"), ":5: limits.oxygen_saturation.delay_seconds: write a number >="),
        (("delay_seconds = 30", "delay_seconds = 61"), ":5: limits.oxygen_saturation.delay_seconds: write a number <="),
        (("delay_seconds = 30", "delays = 3"), ":5: limits.oxygen_saturation.delays: there is no such key as delays;"),
        (
            ("delay_seconds = 30", 'delay_by_depth = "deep"'),
            ':5: limits.oxygen_saturation.delay_by_depth: write "s',
        ),
        (("low = 88", 'low = "x"'), ':4: limits.oxygen_saturation.low: write a number or "none"'),
        (("low = 88", "low = 101"), ":4: limits.oxygen_saturation.low: 101 % is no oxygen saturation"),
        (("oxygen_saturation", "oxygen_sat"), "there is no vital sign 'oxygen_sat'; perhaps oxygen_saturation"),
        (("[news2]", "[news]"), ":10: news: there is no such section as news; there are limits, news2"),
        (("high_from = 8", "high_from = 5"), ":10: news2.medium_from: 5 points are medium and 5 high"),
        (("[news2]\nhigh_from = 8", "[anomaly]\nspreads = 0"), ":11: anomaly.spreads: write a number >= 1"),
        (('high = "none"', "high = 54"), ":7: limits.8867-4.low: the low limit 50 and its band of 5 reach the high"),
        (("low = 45", "low = 130\nhigh = 120"), ":14: ward.A1.limits.heart_rate.low: the low limit 130"),
        (("[ward.A1.limits.heart_rate]\nlow = 45", "ward = 3"), "there is no such key as ward"),
        (("[patient.p1.limits.glucose]", "[patient.p1.limit.glucose]"), ":16: patient.p1.limit: there is no such"),
        (('version = "2026-11"', ""), ":1: version: a policy has a version"),
        (('version = "2026-11"', "version = 3"), ":1: version: a policy has a version"),
        (("low = 88", "low = "), "is no TOML: Invalid value (at line 4"),
    ],
)
def test_a_slip_is_told_with_its_line(tmp_path: Path, slip: tuple[str, str], complaint: str) -> None:
    assert slip[0] in POLICY

    with pytest.raises(CommandFailed) as refused:
        policy(tmp_path, POLICY.replace(*slip))

    assert complaint in refused.value.message
    assert refused.value.message.startswith(str(tmp_path / "site.toml"))


def test_what_must_be_told_is_what_differs(tmp_path: Path) -> None:
    wanted = policy(tmp_path)
    present = policy(tmp_path, POLICY.replace("low = 45", "low = 40") + "[ward.B2.news2]\nrise = false\n")
    present.patients["p9"] = present.patients["p1"]

    told = list(changes(wanted, present))

    assert [(each.scope, each.name, each.policy is None) for each in told] == [
        ("ward", "A1", False),
        ("ward", "B2", True),
    ]
    assert list(changes(wanted, wanted)) == []
    assert isinstance(told[0], Change)


def test_a_book_takes_what_the_log_tells_as_the_file_does(tmp_path: Path) -> None:
    wanted, book = policy(tmp_path), PolicyBook()

    for each in changes(wanted, book):
        place = {"ward": each.name} if each.scope == "ward" else {"patient_id": each.name}
        book.change(
            PolicyChanged(
                scope=each.scope,  # type: ignore[arg-type]
                version=each.version,
                at="2026-11-21T03:00:00Z",  # type: ignore[arg-type]
                by="dr",
                reason="trial",
                policy=each.policy,
                **({} if each.scope == "site" else place),  # type: ignore[arg-type]
            )
        )

    assert book == wanted


def test_the_policy_of_the_docs_can_be_put_in_force() -> None:
    book = load_policy(Path(__file__).parents[2] / "docs/examples/policy.toml")

    assert book.site is not None
    assert (book.wards.keys(), book.patients.keys()) == ({"A1"}, {"p1"})
