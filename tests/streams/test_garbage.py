"""A worker looks for garbage seldom, yet its memory stays bounded."""

import subprocess
import sys

PROBE = """
import gc
import weakref

from streams.garbage import collect_seldom


class Node:
    def __init__(self):
        self.itself = self


collect_seldom()
seen = []
gc.callbacks.append(lambda phase, _: seen.append(phase))
alive = [weakref.ref(Node()) for _ in range(10_000)]
assert not seen, "so many objects are no reason to look"
alive += [weakref.ref(Node()) for _ in range(250_000)]
assert sum(node() is not None for node in alive) < 150_000, "cycles go away in the end"
"""


def test_cycles_go_away_though_a_worker_looks_for_them_seldom() -> None:
    probed = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=False)

    assert probed.returncode == 0, probed.stderr
