"""The topics of one prefix that the ward page follows."""

from collections.abc import Iterator, Mapping

from aiokafka import TopicPartition
from msgspec import Struct

from consumers.answers.topics import AnswerTopics
from consumers.outputs import TopicName


class WardTopics(Struct, frozen=True, kw_only=True):
    """What is followed, by its full names, and the consumer group whose commits say how far the workers are.

    `state` is where the workers keep what they know.
    """

    prefix: str
    answering: AnswerTopics
    followed: Mapping[TopicName, str]
    group: str
    state: str

    def places(self, topic: str) -> list[TopicPartition]:
        """The partitions of a topic."""
        return [TopicPartition(topic, partition) for partition in range(self.answering.partitions)]

    def all_places(self) -> list[TopicPartition]:
        """The partitions of all that is followed."""
        return [place for topic in self.followed.values() for place in self.places(topic)]

    def needed(self) -> Iterator[str]:
        """Every topic that must be there."""
        yield from self.followed.values()
        yield self.answering.standing
        yield self.state
