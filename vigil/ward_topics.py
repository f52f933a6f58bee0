"""The topics of a prefix that the ward page follows."""

from typing import get_args

from consumers.outputs import TopicName
from consumers.ward.topics import WardTopics
from streams.topics import topic_name
from vigil.alerts.reading import answer_topics
from vigil.run import group_of


def ward_topics(prefix: str) -> WardTopics:
    """What is followed of a prefix, and the workers' group on it."""
    followed: dict[TopicName, str] = {name: topic_name(prefix, name) for name in get_args(TopicName)}
    return WardTopics(
        prefix=prefix,
        answering=answer_topics(prefix),
        followed=followed,
        group=group_of(prefix),
        state=topic_name(prefix, "checkpoints"),
    )
