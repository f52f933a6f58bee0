"""A feed of your own: lines of a bedside monitor become readings on the log.

    python docs/examples/feed.py 127.0.0.1:9092 live < lines.csv

Each line is patient, time, respiratory rate, oxygen saturation, heart rate; an empty value was not measured.
A reading id says which measurement it is, not which attempt to send it: what is sent again is a duplicate, which Vigil
counts and learns nothing from. So after a failure, send everything again that was not confirmed.
"""

import csv
import json
import sys

from kafka import KafkaProducer
from kafka.errors import KafkaError

from models.partitioning import partition_of

MEASURED = [("9279-1", "/min"), ("59408-5", "%"), ("8867-4", "/min")]


def reading(patient, time, values):
    """One record of the log; a value that is missing is left out, never made up."""
    return {
        "type": "Reading",
        "reading_id": f"monitor-{patient}-{time}",
        "patient_id": patient,
        "device_id": f"monitor-{patient}",
        "device_type": "monitor",
        "effective_at": time,
        "measurements": [
            {"code": code, "value": float(value), "unit": unit}
            for (code, unit), value in zip(MEASURED, values, strict=True)
            if value
        ],
    }


def main(broker, prefix="live"):
    topic, sent = f"{prefix}.patient-events", []
    try:
        producer = KafkaProducer(bootstrap_servers=broker, acks="all", enable_idempotence=True, max_block_ms=10_000)
        partitions = len(producer.partitions_for(topic))
        for patient, time, *values in csv.reader(sys.stdin):
            record = json.dumps(reading(patient, time, values)).encode()
            partition = partition_of(patient, partitions)  # the same as Vigil's, or a patient would be in two places
            sent.append(producer.send(topic, record, key=patient.encode(), partition=partition))
        for confirmed in sent:
            confirmed.get(timeout=30)
    except KafkaError as error:
        sys.exit(f"not all is confirmed ({error}): see that broker and topic are there, and send the lines again")
    print(f"{len(sent)} readings are confirmed")


if __name__ == "__main__":
    main(*sys.argv[1:])
