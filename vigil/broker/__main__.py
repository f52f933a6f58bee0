"""Gets the broker ready, as set-up does: `python -m vigil.broker` fetches its jars, checks them, and starts it once."""

import argparse
import sys
from pathlib import Path

from vigil.broker import warm_start
from vigil.broker.jars import class_path, write_lock
from vigil.broker.server import Broker
from vigil.broker.settings import BrokerSettings
from vigil.errors import CommandFailed
from vigil.settings import load


def run_once(folder: Path, settings: BrokerSettings, java_options: list[str]) -> None:
    """Starts a broker and stops it again."""
    with Broker(folder, settings=settings, java_options=java_options):
        pass


def main() -> None:
    """Leaves the jars of the lock, and what makes a start quick, in their folder."""
    parser = argparse.ArgumentParser(prog="python -m vigil.broker", description=__doc__)
    parser.add_argument("--lock", action="store_true", help="resolve the jars anew and write the lock first")
    try:
        settings = load(BrokerSettings)
        if parser.parse_args().lock:
            write_lock(settings.jars_folder)
        class_path(settings.jars_folder)
        warm_start.prepare(settings, run_once)
    except CommandFailed as error:
        sys.exit(f"vigil: {error.message}")


if __name__ == "__main__":
    main()
