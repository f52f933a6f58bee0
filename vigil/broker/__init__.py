"""A real Apache Kafka, one node on loopback, as a child process."""

from vigil.broker.errors import BrokerError
from vigil.broker.server import Broker
from vigil.broker.settings import BrokerSettings

__all__ = ["Broker", "BrokerError", "BrokerSettings"]
