"""The connection that the commands share, and what they say when it fails."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import aiokafka.errors
import kafka.errors

from producers.feed import FeedFailed
from streams.settings import Connection
from streams.topics import TopicError
from vigil.errors import CommandFailed
from vigil.settings import load


def connect(broker: str | None) -> Connection:
    """The connection to the given broker or, for none, to the one that the settings name."""
    # The clients log each attempt to reach a broker; the command says it once, in its own words.
    for client in ("kafka", "aiokafka"):
        logging.getLogger(client).setLevel(logging.CRITICAL)
    return load(Connection, bootstrap_servers=broker)


@contextmanager
def told_in_one_line() -> Iterator[None]:
    """Ends a command with one line where Kafka, its topics or the feed fail."""
    try:
        yield
    except (TopicError, FeedFailed) as error:
        raise CommandFailed(_sentence(str(error))) from error
    except (kafka.errors.KafkaError, aiokafka.errors.KafkaError) as error:
        raise CommandFailed(
            f"No answer from Kafka ({error}): see that the broker runs (`vigil broker` starts one) and that "
            "VIGIL_KAFKA_... lets this client in, or name another with --broker."
        ) from error


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
