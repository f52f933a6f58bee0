"""Run the learner, which turns what came of patients into models of what will."""

import click

from streams.learner.settings import LearnerSettings
from streams.topics import create_topics
from vigil.connection import connect, told_in_one_line
from vigil.errors import CommandFailed
from vigil.options import PREFIXES, broker_option, is_known_prefix, known_prefix
from vigil.settings import load
from vigil.supervisor import stop_with_supervisor

_DEFAULT_PORT = LearnerSettings.model_fields["metrics_port"].default
_DEFAULT_PREFIX = LearnerSettings.model_fields["prefix"].default


@click.command()
@broker_option
@click.option("--prefix", callback=known_prefix, help=f"Which topics: {PREFIXES}; {_DEFAULT_PREFIX} if unset.")
@click.option(
    "--metrics-port", type=click.IntRange(0, 65535), help=f"Port of metrics and health; {_DEFAULT_PORT} if unset."
)
@click.option("--instance-id", help="A name that outlives a restart; unique among learners.")
def command(broker: str | None, prefix: str | None, metrics_port: int | None, instance_id: str | None) -> None:
    """Run the learner of a prefix until Ctrl-C; a second one stands by until the first is gone.

    It learns each example that the workers write exactly once, and publishes a version of its model now and then,
    unless it got worse. Assessments tell what the version in force foretells; it raises no alert.

    \b
    Example:
        vigil learner --broker 127.0.0.1:9092
    """
    stop_with_supervisor()
    settings = load(LearnerSettings, prefix=prefix, metrics_port=metrics_port, instance_id=instance_id)
    if not is_known_prefix(settings.prefix):
        raise CommandFailed(f"The learner's prefix {settings.prefix!r} is none of {PREFIXES}: set another.")
    connection = connect(broker)
    with told_in_one_line():
        create_topics(connection.for_kafka_python(), settings.prefix)

    from streams.learner.process import run_learner
    from streams.logs import configure_logs
    from streams.server import PortTakenError

    configure_logs()
    try:
        run_learner(settings, connection)
    except PortTakenError as error:
        raise CommandFailed(f"{error}, with --metrics-port.") from error
