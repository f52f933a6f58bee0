"""The reference job on Quix Streams, exactly once: python -m benchmarks.peers.quix_job HOST:PORT INPUT OUTPUT FOLDER.

State in RocksDB with a changelog topic, a transaction a second.
"""

import pickle
import sys
from typing import Any

from quixstreams import Application, State

from benchmarks.reference.job import Panel, Patient, assess


def step(panel: dict[str, Any], state: State) -> dict[str, Any]:
    """One panel of one patient."""
    kept = state.get_bytes("patient")
    patient = pickle.loads(kept) if kept else Patient()
    assessed = assess(patient, Panel(**panel))
    state.set_bytes("patient", pickle.dumps(patient, 5))
    return {name: getattr(assessed, name) for name in assessed.__struct_fields__}


if __name__ == "__main__":
    broker, source, sink, folder = sys.argv[1:]
    app = Application(
        broker_address=broker,
        consumer_group=f"quix-{source}",
        auto_offset_reset="earliest",
        loglevel="WARNING",
        processing_guarantee="exactly-once",
        state_dir=folder,
        commit_interval=1.0,
    )
    panels = app.topic(source, key_deserializer="str", value_deserializer="json")
    assessments = app.topic(sink, key_serializer="str", value_serializer="json")
    app.dataframe(panels).apply(step, stateful=True).to_topic(assessments)
    app.run()
