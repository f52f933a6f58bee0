"""Kafka's own configuration of the embedded broker."""

from vigil.broker.ports import LOOPBACK

DATA = "data"
PROPERTIES = "server.properties"
MIB = 1024 * 1024

SETTINGS = {
    # One node is all there is.
    "default.replication.factor": "1",
    "min.insync.replicas": "1",
    "offsets.topic.replication.factor": "1",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    # Few internal partitions make the first start quick.
    "offsets.topic.num.partitions": "8",
    "transaction.state.log.num.partitions": "8",
    "share.coordinator.state.topic.num.partitions": "8",
    # Vigil creates its topics itself; a mistyped name is an error.
    "auto.create.topics.enable": "false",
    # A dead worker's transaction is aborted, and a group starts, without a wait.
    "transaction.abort.timed.out.transaction.cleanup.interval.ms": "1000",
    "group.initial.rebalance.delay.ms": "0",
    # After a kill the node waits until its former self has timed out: 12 s with Kafka's defaults.
    "broker.heartbeat.interval.ms": "500",
    "broker.session.timeout.ms": "3000",
    # A ward that was switched off for months goes on where it was.
    "offsets.retention.minutes": str(365 * 24 * 60),
    # Room for a dead letter around the largest record.
    "message.max.bytes": str(16 * MIB),
    "replica.fetch.max.bytes": str(16 * MIB),
    # Compaction with little memory.
    "log.cleaner.threads": "1",
    "log.cleaner.dedupe.buffer.size": str(16 * MIB),
    "log.cleaner.backoff.ms": "5000",
}
"""What the embedded broker and `docker-compose.yml` have in common."""


def server_properties(port: int, controller_port: int) -> str:
    """Writes the properties of a node that is its own controller and listens on loopback only."""
    node = {
        "process.roles": "broker,controller",
        "node.id": "1",
        # A voter in the configuration and not in the data lets the ports change from one start to the next.
        "controller.quorum.voters": f"1@{LOOPBACK}:{controller_port}",
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "PLAINTEXT",
        "listeners": f"PLAINTEXT://{LOOPBACK}:{port},CONTROLLER://{LOOPBACK}:{controller_port}",
        "advertised.listeners": f"PLAINTEXT://{LOOPBACK}:{port}",
        "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        # Relative to the broker's folder, in which it runs: a path may hold what a properties file or a list cannot.
        "log.dirs": DATA,
    }
    return "".join(f"{name}={value}\n" for name, value in (node | SETTINGS).items())
