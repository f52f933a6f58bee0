"""What can go wrong with the embedded broker."""

import shutil
from pathlib import Path

from vigil.errors import CommandFailed


class BrokerError(CommandFailed):
    """The embedded broker cannot start or has died; the message is one line that says why and what to do."""


class PortTaken(BrokerError):
    """Another program listens on the broker's port."""

    def __init__(self, port: int) -> None:
        super().__init__(f"Port {port} is taken by another program: stop it or pass another --port.")


class DiskFull(BrokerError):
    """The disk has no room for the broker's data."""

    def __init__(self, folder: Path) -> None:
        free = shutil.disk_usage(folder).free // (1024 * 1024)
        super().__init__(f"The disk of {folder} is full ({free} MB free): make room or pass another --folder.")
