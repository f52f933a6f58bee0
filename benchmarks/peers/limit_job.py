"""The reference job in a bare loop, without a broker: python -m benchmarks.peers.limit_job PANELS PATIENTS OUTPUTS.

Decode, assess, encode: what no engine in Python can be faster than. Prints the seconds that it took, by the clock and
of processor time.
"""

import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from benchmarks.peers.feed import values
from benchmarks.reference.job import Patient, assess, decode, encode


def run(panels: Iterable[bytes]) -> list[bytes]:
    """The assessments of panels, in order."""
    patients: defaultdict[str, Patient] = defaultdict(Patient)
    outputs = []
    for value in panels:
        panel = decode(value)
        outputs.append(encode(assess(patients[panel.patient_id], panel)))
    return outputs


if __name__ == "__main__":
    count, patients, file = sys.argv[1:]
    panels = list(values(int(count), int(patients)))
    began, cpu_began = time.perf_counter(), time.process_time()
    outputs = run(panels)
    seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - cpu_began
    Path(file).write_bytes(b"\n".join(outputs))
    print(json.dumps({"seconds": seconds, "cpu_seconds": cpu_seconds}))
