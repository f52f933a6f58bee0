"""Labels: known late, or not at all, and never guessed."""

import msgspec
import pytest

from models.instants import HOUR, MINUTE
from models.risk.features import LAYOUT
from models.risk.labels import EVERY, HORIZON, Course, Known, Waiting, pack, unpack

KNOWN: Known = {at: tuple(float(n) for n, _ in enumerate(fields)) for at, (_, fields) in enumerate(LAYOUT)}


def course(*opened: int, is_seen: bool = True) -> Course:
    found = Course()
    for at in opened:
        found.open(at, 3, KNOWN, "live")
    for example in found.waiting:
        example.is_seen = is_seen
    return found


def test_an_example_is_opened_once_an_hour() -> None:
    found = course(0)

    assert not found.may_open(EVERY - 1)
    assert found.may_open(EVERY)


def test_the_worst_within_the_horizon_is_a_one() -> None:
    found = course(0, HOUR)

    verdicts = found.turn_bad(HORIZON, "news2")

    assert [(each.example.at, each.reason, each.known_at) for each in verdicts.labelled] == [
        (0, "news2", HORIZON),
        (HOUR, "news2", HORIZON),
    ]
    assert found.waiting == []


def test_the_worst_after_the_horizon_says_nothing_of_the_example() -> None:
    found = course(0)

    assert found.turn_bad(HORIZON + 1, "news2").labelled == []
    assert [each.reason for each in found.pass_time(HORIZON + MINUTE).labelled] == ["nothing"]


def test_what_was_there_already_can_not_be_foretold() -> None:
    found = course(HOUR)

    assert found.turn_bad(HOUR, "news2").dropped == ["at-once"]
    assert found.waiting == []


def test_a_worse_score_of_an_earlier_time_that_comes_late_labels_only_what_was_opened_before_it() -> None:
    found = course(0, 2 * HOUR)

    assert [each.example.at for each in found.turn_bad(HOUR, "news2").labelled] == [0]
    assert [each.at for each in found.waiting] == [2 * HOUR]


def test_a_zero_waits_for_values_that_come_late_but_on_time() -> None:
    found = course(0)

    assert found.pass_time(HORIZON + MINUTE - 1).labelled == []
    assert [(each.reason, each.known_at) for each in found.pass_time(HORIZON + MINUTE).labelled] == [
        ("nothing", HORIZON)
    ]


def test_a_patient_whom_nobody_measured_again_is_no_zero() -> None:
    verdicts = course(0, is_seen=False).pass_time(HORIZON + MINUTE)

    assert (verdicts.labelled, verdicts.dropped) == ([], ["unseen"])


def test_a_patient_is_seen_by_a_later_value_only() -> None:
    found = course(HOUR, is_seen=False)

    assert not found.see(HOUR)
    assert found.see(HOUR + 1)
    assert not found.see(HOUR + 2)


@pytest.mark.parametrize("kind", ["discharge", "transfer"])
def test_who_leaves_before_the_horizon_is_no_example(kind: str) -> None:
    found = course(0, HOUR)

    verdicts = found.end(2 * HOUR, kind)  # type: ignore[arg-type]

    assert (verdicts.labelled, verdicts.dropped, found.waiting) == ([], ["left", "left"], [])


def test_who_leaves_after_the_horizon_but_before_the_tick_is_a_zero() -> None:
    verdicts = course(0, HOUR).end(HORIZON + 1, "discharge")

    assert [(each.example.at, each.reason) for each in verdicts.labelled] == [(0, "nothing")]
    assert verdicts.dropped == ["left"]


def test_death_is_a_one_and_ends_everything() -> None:
    found = course(0, 7 * HOUR)

    verdicts = found.end(8 * HOUR, "death")

    assert [(each.example.at, each.reason) for each in verdicts.labelled] == [(7 * HOUR, "death"), (0, "nothing")]
    assert found.waiting == []


def test_deterioration_is_a_one_and_ends_nothing() -> None:
    found = course(0, 7 * HOUR)

    assert [each.example.at for each in found.end(8 * HOUR, "deterioration").labelled] == [7 * HOUR]
    assert [each.at for each in found.waiting] == [0]


def test_features_come_back_from_their_bytes() -> None:
    known = {at: values for at, values in KNOWN.items() if at % 3}

    assert unpack(pack(known)) == known


def test_features_of_another_layout_are_an_error() -> None:
    packed = pack(KNOWN)

    for other in (b"", packed[:-4], packed + bytes(4), b"\1" + packed[1:], packed[:11] + b"\x80" + packed[12:]):
        with pytest.raises(msgspec.ValidationError):
            unpack(other)


def test_features_that_are_not_known_take_no_room() -> None:
    only = next(iter(KNOWN))

    assert len(pack({only: KNOWN[only]})) - len(pack({})) == 4 * len(KNOWN[only])


def test_a_course_comes_back_from_its_bytes() -> None:
    found = course(0, HOUR)

    kept = msgspec.msgpack.encode(found)

    assert msgspec.msgpack.decode(kept, type=Course) == found
    assert len(kept) < 1000
    assert isinstance(found.waiting[0], Waiting)
