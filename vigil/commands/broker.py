"""Run the embedded Kafka broker alone."""

import contextlib
import json
from pathlib import Path

import click

from vigil.broker import Broker, BrokerSettings
from vigil.settings import load
from vigil.stopping import terminated_as_by_ctrl_c


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=9092, show_default=True, help="0 takes a free one.")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="Where its data stay.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object when it is ready.")
def command(port: int, folder: Path | None, as_json: bool) -> None:
    """Run the embedded Kafka broker until Ctrl-C.

    It listens on loopback only and keeps its data in its folder. Every command that takes --broker can use it.

    \b
    Example:
        vigil broker --port 9092 --folder ward-data
    """
    settings = load(BrokerSettings)
    broker = Broker(folder or settings.data_folder, port=port, settings=settings)
    with contextlib.suppress(KeyboardInterrupt), terminated_as_by_ctrl_c(), broker:
        click.echo(_announcement(broker, as_json))
        failure = broker.wait()
        if failure is not None:
            raise failure


def _announcement(broker: Broker, as_json: bool) -> str:
    if as_json:
        return json.dumps({"address": broker.address, "pid": broker.pid, "folder": str(broker.folder)})
    return f"The broker is ready at {broker.address}, data in {broker.folder}. Ctrl-C stops it."
