"""The reference job on Bytewax with recovery: python -m benchmarks.peers.bytewax_job HOST:PORT INPUT OUTPUT FOLDER.

One worker, an epoch a second, each patient's state snapshot in SQLite; outputs are at-least-once.
"""

import sys
from datetime import timedelta
from pathlib import Path

import bytewax.operators as op
from bytewax.connectors.kafka import KafkaSinkMessage
from bytewax.connectors.kafka import operators as kop
from bytewax.dataflow import Dataflow
from bytewax.recovery import RecoveryConfig, init_db_dir
from bytewax.testing import cluster_main
from confluent_kafka import OFFSET_BEGINNING

from benchmarks.reference.job import Assessed, Patient, assess, decode, encode

_BATCH = 1000


def step(patient: Patient | None, value: bytes) -> tuple[Patient, Assessed]:
    """One panel of one patient."""
    patient = patient or Patient()
    return patient, assess(patient, decode(value))


def build(broker: str, source: str, sink: str) -> Dataflow:
    """The flow from topic to topic."""
    flow = Dataflow("reference")
    panels = kop.input(
        "in", flow, brokers=[broker], topics=[source], starting_offset=OFFSET_BEGINNING, batch_size=_BATCH
    )
    keyed = op.map("key", panels.oks, lambda message: (message.key.decode(), message.value))
    assessed = op.stateful_map("job", keyed, step)
    messages = op.map("message", assessed, lambda pair: KafkaSinkMessage(pair[0].encode(), encode(pair[1])))
    kop.output("out", messages, brokers=[broker], topic=sink)
    return flow


if __name__ == "__main__":
    broker, source, sink, folder = sys.argv[1:]
    init_db_dir(Path(folder), 1)
    cluster_main(
        build(broker, source, sink),
        [],
        0,
        epoch_interval=timedelta(seconds=1),
        recovery_config=RecoveryConfig(folder),
    )
