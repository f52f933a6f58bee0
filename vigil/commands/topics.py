"""Make, list and export the topics of a deployment or a run."""

import json
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import click
from kafka import TopicPartition
from kafka.admin import KafkaAdminClient, OffsetSpec

from streams.topics import TOPICS, create_topics, existing_topics, topic_name
from vigil.connection import connect, told_in_one_line
from vigil.errors import CommandFailed
from vigil.log_export import export_log
from vigil.options import broker_option, json_option, prefix_option


@click.group()
def command() -> None:
    """Make, list and export topics.

    \b
    Example:
        vigil topics export --prefix replay-monday log.jsonl
    """


@command.command()
@prefix_option
@broker_option
@json_option
def create(prefix: str, broker: str | None, as_json: bool) -> None:
    """Make the topics of a prefix that are not there yet.

    \b
    Example:
        vigil topics create --prefix live --broker 127.0.0.1:9092
    """
    with told_in_one_line():
        made = create_topics(connect(broker).for_kafka_python(), prefix)
    if as_json:
        click.echo(json.dumps({"prefix": prefix, "created": made}))
        return
    click.echo("\n".join(f"made {name}" for name in made) or f"All topics of {prefix} were there.")


@command.command("list")
@broker_option
@json_option
def list_(broker: str | None, as_json: bool) -> None:
    """List Vigil's topics of all prefixes, with their partitions and how many offsets each holds.

    \b
    Example:
        vigil topics list --broker 127.0.0.1:9092
    """
    with told_in_one_line():
        rows = _topics(connect(broker).for_kafka_python())
    if as_json:
        click.echo(json.dumps({"topics": rows}))
        return
    if not rows:
        click.echo("This broker has no topics of Vigil: `vigil topics create` makes them.")
    for row in rows:
        click.echo(f"{row['topic']:<40} {row['partitions']:>3} partitions {row['offsets']:>12,} offsets")


@command.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@prefix_option
@broker_option
@json_option
def export(file: Path, prefix: str, broker: str | None, as_json: bool) -> None:
    """Write the recorded log of a prefix to FILE, for `vigil backtest` and `vigil replay`.

    One record a line, by partition and offset, with both as its first fields. The file is there only when it is whole:
    everything up to where the log ended when the export began.

    \b
    Example:
        vigil topics export --prefix replay-monday log.jsonl
    """
    client = connect(broker)
    log = topic_name(prefix, "patient-events")
    with told_in_one_line():
        if log not in existing_topics(client.for_kafka_python(), prefix):
            raise CommandFailed(f"There is no topic {log}: see `vigil topics list`.")
        records = export_log(log, client.for_aiokafka(), file)
    told = {"topic": log, "file": str(file), "records": records}
    click.echo(json.dumps(told) if as_json else f"Wrote {records:,} records of {log} to {file}.")


def _topics(client: Mapping[str, Any]) -> list[dict[str, Any]]:
    ours = {topic.name for topic in TOPICS}
    with closing(KafkaAdminClient(**client)) as admin:
        found = [each for each in admin.describe_topics() if each["name"].rpartition(".")[2] in ours]
        places = [TopicPartition(each["name"], p["partition_index"]) for each in found for p in each["partitions"]]
        ends = admin.list_partition_offsets(dict.fromkeys(places, OffsetSpec.LATEST))
        begins = admin.list_partition_offsets(dict.fromkeys(places, OffsetSpec.EARLIEST))
    return [
        {
            "topic": each["name"],
            "partitions": len(each["partitions"]),
            "offsets": sum(
                ends[place].offset - begins[place].offset for place in places if place.topic == each["name"]
            ),
        }
        for each in sorted(found, key=lambda each: str(each["name"]))
    ]
