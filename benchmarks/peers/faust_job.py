"""The reference job on Faust as its tutorial says: python -m benchmarks.peers.faust_job HOST:PORT INPUT OUTPUT FOLDER.

One event at a time, `send` for each output, state in memory: it does not survive a `kill -9`, and outputs may double.
"""

import sys
from collections import defaultdict
from typing import Any

import faust

from benchmarks.reference import job


class Panel(faust.Record):
    """One panel, as Faust decodes it."""

    patient_id: str
    at: float
    vitals: dict[str, float]


def build(broker: str, source: str, sink: str, folder: str) -> faust.App:
    """The app with its one agent."""
    app = faust.App(
        f"faust-{source}",
        broker=f"kafka://{broker}",
        store="memory://",
        datadir=folder,
        autodiscover=False,
        consumer_auto_offset_reset="earliest",
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=False,
    )
    panels = app.topic(source, key_type=str, value_type=Panel)
    assessments = app.topic(sink, key_type=str)
    patients: defaultdict[str, job.Patient] = defaultdict(job.Patient)

    @app.agent(panels, name="assess")
    async def assess(stream: Any) -> None:
        async for panel in stream:
            asked = job.Panel(panel.patient_id, panel.at, panel.vitals)
            assessed = job.assess(patients[panel.patient_id], asked)
            value = {name: getattr(assessed, name) for name in assessed.__struct_fields__}
            await assessments.send(key=panel.patient_id, value=value)

    return app


if __name__ == "__main__":
    app = build(*sys.argv[1:])
    sys.argv = ["faust", "worker", "-l", "warn", "--without-web"]
    app.main()
