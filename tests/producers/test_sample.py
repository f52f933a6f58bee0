"""The stays that come with Vigil."""

from collections import Counter
from pathlib import Path

import producers.replay
from models.events import Assessment
from models.partition import PartitionFold
from producers.replay.physionet2012 import read_source, recordings

SAMPLE = Path(producers.replay.__file__).with_name("sample")


def test_the_sample_is_twenty_stays_with_their_outcomes_and_licence() -> None:
    source = read_source(SAMPLE / "set-a-sample.tar.gz", None)

    assert len(source.stays) == len(source.died) == 20
    assert sum(source.died.values()) == 5
    assert sum(file.stat().st_size for file in SAMPLE.iterdir()) < 1024 * 1024
    assert "Open Data Commons Attribution License v1.0" in (SAMPLE / "README.md").read_text()


def test_the_sample_holds_patients_who_need_an_emergency_response() -> None:
    skipped: Counter[str] = Counter()
    fold = PartitionFold(0, origin="replay")
    entries = list(recordings(read_source(SAMPLE / "set-a-sample.tar.gz", None), skipped))

    outputs = [each for offset, entry in enumerate(entries) for each in fold.advance(entry.value, offset=offset)]

    scores = [each.news2.known_points or 0 for each in outputs if isinstance(each, Assessment) and each.news2]
    assert len({entry.key for entry in entries}) == 20
    assert max(scores) >= 7
    assert skipped.keys() == {"not-recorded"}
