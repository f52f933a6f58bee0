"""Where answers go and are heard: the topics of one prefix by their full names."""

from msgspec import Struct

from models.events import Origin


class AnswerTopics(Struct, frozen=True, kw_only=True):
    """The topics of one prefix that answering needs, each with so many partitions."""

    log: str
    answers: str
    dead_letters: str
    standing: str
    partitions: int
    origin: Origin
