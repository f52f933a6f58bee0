"""What the ward page's follower reads at the start, from a real Kafka."""

import asyncio
from contextlib import closing
from datetime import UTC, datetime, timedelta

from kafka import KafkaProducer

from consumers.ward.dossier import Dossiers
from consumers.ward.follower import WardFollower
from consumers.ward.views.ward import Row, Signal
from models import codec
from models.events import Alert, Event, Limits, Output, PatientContext
from models.partition import PartitionFold
from streams.settings import Connection
from streams.topics import create_topics, topic_name
from vigil.ward_topics import ward_topics

PREFIX = "live-kept"
ROW = Row(
    patient_id="p1",
    ward=None,
    bed=None,
    origin="live",
    urgency=(0, 0, 0),
    score=None,
    parts={},
    signs=[],
    alerts=[],
    signal=Signal(state="none", heard_at=None, refused=[], devices=0),
    pause=None,
    recommendations=0,
    spo2_scale=None,
)
LONG_AGO = datetime.now(UTC) - timedelta(days=9)


class Hearing:
    """A listener that knows patients, and notes when all of the past is read."""

    def __init__(self) -> None:
        self.dossiers = Dossiers()
        self.records = 0
        self.is_done = asyncio.Event()

    def hear_standing(self, alert_id: str, alert: Alert | None) -> None:
        raise AssertionError("no alert stands")

    def hear_state(self, key: bytes, value: bytes, partition: int) -> None:
        self.dossiers.restore(key, value, partition)

    def hear(self, record: Output | Event, place: tuple[int, int]) -> None:
        self.records += 1

    def hear_unreadable(self) -> None:
        raise AssertionError("all of it can be read")

    def read_so_far(self, share: float) -> None:
        if share >= 1:
            self.is_done.set()


async def heard(broker: str) -> Hearing:
    """What a follower hears that looks back for no more than a second."""
    hearing = Hearing()
    client = Connection(bootstrap_servers=broker).for_aiokafka()
    following = asyncio.create_task(WardFollower(client, ward_topics(PREFIX), hearing, history_seconds=1).follow())
    await asyncio.wait_for(hearing.is_done.wait(), 60)
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    return hearing


def keep(broker: str, entries: list[tuple[bytes, bytes]]) -> None:
    """Writes the checkpoints of partition 3, one after the other."""
    with closing(KafkaProducer(**Connection(bootstrap_servers=broker).for_kafka_python())) as producer:
        for key, value in entries:
            producer.send(topic_name(PREFIX, "checkpoints"), key=key, value=value, partition=3)
        producer.flush()


def test_limits_that_were_told_before_all_that_is_read_are_known_from_what_the_workers_keep(broker: str) -> None:
    create_topics(Connection(bootstrap_servers=broker).for_kafka_python(), PREFIX)
    worker = PartitionFold(3)
    kept = list(worker.entries())
    for offset, low in enumerate((40, 45)):
        told = PatientContext(
            patient_id="p1",
            effective_at=LONG_AGO + timedelta(hours=low),
            age=60,
            limits={"8867-4": Limits(low=low, high=130)},
        )
        worker.take(told, codec.encode(told), offset=offset)
        kept += worker.entries()
    keep(broker, kept)

    hearing = asyncio.run(heard(broker))

    view = hearing.dossiers.view("p1", ROW, "r", 1)
    assert view is not None
    [found] = [(limit.low, limit.high, limit.source) for limit in view.limits if limit.code == "8867-4"]
    assert found == (45, 130, "patient")
    assert hearing.records == 0
