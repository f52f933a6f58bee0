"""Reading alerts back: those that stand, one by the beginning of its id, and what was told of it before."""

from msgspec import Struct

from consumers.answers.standing import StandingAlerts
from consumers.answers.topics import AnswerTopics
from consumers.outputs import TopicName, Unreadable, read
from models.events import Alert, AnswerResult
from models.partitioning import partition_of
from streams.settings import Connection, origin_of
from streams.topics import CURRENT, PARTITIONS, existing_topics, topic_name
from vigil.connection import told_in_one_line
from vigil.errors import CommandFailed
from vigil.log_reader import read_topics
from vigil.telling import ProgressBar

_MOST_NAMED = 5
_TOLD: tuple[TopicName, ...] = ("alerts", "answers")


class Story(Struct, frozen=True):
    """What was told of one alert: its revisions, and what became of each answer, in the order of the log."""

    history: list[Alert]
    answers: list[AnswerResult]


def answer_topics(prefix: str) -> AnswerTopics:
    """The topics of a prefix that answering needs."""
    return AnswerTopics(
        log=topic_name(prefix, "patient-events"),
        answers=topic_name(prefix, "answers"),
        dead_letters=topic_name(prefix, "dead-letters"),
        standing=topic_name(prefix, CURRENT),
        partitions=PARTITIONS,
        origin=origin_of(prefix),
    )


def check_topics(connection: Connection, prefix: str) -> None:
    """Ends the command in one line where the topics that answering needs are not there."""
    topics = answer_topics(prefix)
    needed = (topics.log, topics.standing, topic_name(prefix, "alerts"), topics.answers, topics.dead_letters)
    with told_in_one_line():
        existing = existing_topics(connection.for_kafka_python(), prefix)
    for missing in [name for name in needed if name not in existing]:
        raise CommandFailed(f"There is no topic {missing}: see `vigil topics list`.")


def read_standing(connection: Connection, prefix: str) -> StandingAlerts:
    """The alerts that stand now."""
    check_topics(connection, prefix)
    found = StandingAlerts()
    with told_in_one_line():
        for records in read_topics(connection.for_aiokafka(), [answer_topics(prefix).standing]):
            for record in records:
                found.take(record.key or b"", record.value)
    return found


def only_one(found: list[Alert], beginning: str) -> Alert | None:
    """The one alert whose id begins so; none for none, and the command ends where there are several."""
    exact = next((alert for alert in found if alert.alert_id == beginning), None)
    if len(found) > 1 and exact is None:
        named = ", ".join(alert.alert_id for alert in found[:_MOST_NAMED])
        more = ", ..." if len(found) > _MOST_NAMED else ""
        raise CommandFailed(f"{len(found)} alerts begin with {beginning} ({named}{more}): give more of the id.")
    return exact or next(iter(found), None)


def standing_alert(connection: Connection, prefix: str, beginning: str) -> Alert:
    """The alert that stands and whose id begins so; the command ends where none does, or several do."""
    _insist_on_a_name(beginning)
    found = only_one(read_standing(connection, prefix).beginning_with(beginning), beginning)
    if found is None:
        raise CommandFailed(
            f"No alert of {prefix} stands whose id begins with {beginning}: it has closed, or never was. "
            "See `vigil alerts list --all`."
        )
    return found


def _insist_on_a_name(beginning: str) -> None:
    if not beginning:
        raise CommandFailed("Name the alert by how its id begins: see `vigil alerts list`.")


def alert_and_story(connection: Connection, prefix: str, beginning: str) -> tuple[Alert, Story]:
    """The alert as it stands, or as it closed, and what was told of it; the command ends where there never was one."""
    _insist_on_a_name(beginning)
    alert = only_one(read_standing(connection, prefix).beginning_with(beginning), beginning)
    if alert is None:
        stories = read_story(connection, prefix, beginning, list(range(PARTITIONS)))
        last = only_one([story.history[-1] for story in stories], beginning)
        if last is None:
            raise CommandFailed(
                f"No alert of {prefix} has an id that begins with {beginning}: see `vigil alerts list`."
            )
        return last, next(story for story in stories if story.history[-1] is last)
    stories = read_story(connection, prefix, alert.alert_id, [partition_of(alert.subject, PARTITIONS)])
    return alert, stories[0] if stories else Story([], [])


def read_story(connection: Connection, prefix: str, beginning: str, partitions: list[int]) -> list[Story]:
    """What was told of each alert whose id begins so, wherever these partitions keep it."""
    names = {topic_name(prefix, name): name for name in _TOLD}
    wanted = f'"alert_id":"{beginning}'.encode()
    stories: dict[str, Story] = {}
    read_so_far = 0
    with told_in_one_line(), ProgressBar() as progress:
        for records in read_topics(connection.for_aiokafka(), list(names), partitions=partitions):
            read_so_far += len(records)
            progress.reading(read_so_far)
            for record in records:
                if record.value is not None and wanted in record.value:
                    _add(stories, names[record.topic], record.value)
    return [story for story in stories.values() if story.history]


def _add(stories: dict[str, Story], topic: TopicName, value: bytes) -> None:
    """Adds one record to its story; what another version wrote can't be shown."""
    try:
        told = read(topic, value)
    except Unreadable:
        return
    if isinstance(told, Alert):
        stories.setdefault(told.alert_id, Story([], [])).history.append(told)
    elif isinstance(told, AnswerResult) and told.alert_id is not None:
        stories.setdefault(told.alert_id, Story([], [])).answers.append(told)
