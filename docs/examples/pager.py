"""An alert consumer of your own: tells people of alerts, and of none twice, however often it is stopped.

    python docs/examples/pager.py 127.0.0.1:9092 live pager.db

Vigil writes each revision of an alert exactly once, for a reader that reads what is committed. What this program has
told, and how far it has read, it keeps together in one database, so that both are true or neither is.
Between telling a person and keeping that, it can still die: a pager service that takes a key for each message, as most
do, gets `alert_id` and `revision`, and so tells it once even then.
"""

import json
import sqlite3
import sys
from contextlib import suppress

from kafka import KafkaConsumer, TopicPartition

TABLES = """
CREATE TABLE IF NOT EXISTS told (alert_id TEXT, revision INTEGER, PRIMARY KEY (alert_id, revision));
CREATE TABLE IF NOT EXISTS position (partition INTEGER PRIMARY KEY, next_offset INTEGER);
"""


def tell(alert):
    """Put your channel here; `alert_id` and `revision` are its key for a message that must not be sent twice."""
    print(alert["priority"], alert["state"], alert["patient_id"], alert["reason"], flush=True)


def take(database, record):
    """Tells one alert if somebody should be told, and keeps that and the place of it in one transaction."""
    alert = json.loads(record.value)
    with database:
        if alert["notify"]:
            key = alert["alert_id"], alert["revision"]
            if database.execute("INSERT OR IGNORE INTO told VALUES (?, ?)", key).rowcount:
                tell(alert)
        database.execute("REPLACE INTO position VALUES (?, ?)", (record.partition, record.offset + 1))


def main(broker, prefix="live", path="pager.db"):
    database = sqlite3.connect(path)
    database.executescript(TABLES)
    consumer = KafkaConsumer(
        bootstrap_servers=broker,
        isolation_level="read_committed",  # nothing of a transaction that a dying worker left behind
        enable_auto_commit=False,  # the database knows how far it is
    )
    topic = f"{prefix}.alerts"
    places = [TopicPartition(topic, partition) for partition in sorted(consumer.partitions_for_topic(topic))]
    consumer.assign(places)
    consumer.seek_to_beginning(*places)
    for partition, next_offset in database.execute("SELECT partition, next_offset FROM position").fetchall():
        consumer.seek(TopicPartition(topic, partition), next_offset)
    for record in consumer:
        take(database, record)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):  # the database knows how far it is
        main(*sys.argv[1:])
