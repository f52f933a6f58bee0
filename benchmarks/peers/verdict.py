"""Whether an engine did the whole job: every assessment there, once, and of equal value."""

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec
from msgspec import Struct

from benchmarks.peers.limit_job import run
from benchmarks.reference.job import Assessed

Key = tuple[str, float]
_decode = msgspec.json.Decoder(Assessed).decode


class Verdict(Struct, frozen=True, kw_only=True):
    """What is wrong with the outputs of one run."""

    missing: int
    doubled: int
    different: int


class Expected:
    """The assessments of the bare loop, by panel."""

    def __init__(self, panels: Sequence[bytes]) -> None:
        self._in_order = [_decode(value) for value in run(panels)]

    def judge(self, count: int, told: Iterable[Assessed]) -> Verdict:
        """Compares what an engine told of the first so many panels."""
        wanted = {_key(assessed): assessed for assessed in self._in_order[:count]}
        found = Counter[Key]()
        different = 0
        for assessed in told:
            found[_key(assessed)] += 1
            different += wanted.get(_key(assessed)) != assessed
        return Verdict(
            missing=len(wanted.keys() - found.keys()),
            doubled=sum(times - 1 for times in found.values()),
            different=different,
        )


def _key(assessed: Assessed) -> Key:
    return assessed.patient_id, assessed.at
