"""A broker's folder: its lock and its identity."""

import base64
import fcntl
import os
import uuid
from pathlib import Path
from typing import IO

import tenacity

from vigil.broker.configuration import DATA
from vigil.broker.errors import BrokerError


def take(folder: Path, patience: float) -> IO[str]:
    """Locks the folder for as long as the file that it returns is open, here or in a child."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("a+", encoding="utf-8")
    except OSError as error:
        raise BrokerError(f"The folder {folder} cannot be used ({error.strerror}): pass another --folder.") from error
    try:
        tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(BlockingIOError),
            stop=tenacity.stop_after_delay(patience),
            wait=tenacity.wait_fixed(0.1),
            reraise=True,
        )(fcntl.flock, lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.seek(0)
        holder = lock.read().strip() or "that is starting"
        lock.close()
        raise BrokerError(
            f"The folder {folder} is in use by another broker {holder}: stop that one or pass another --folder."
        ) from error
    return lock


def sign(lock: IO[str], address: str, pid: int) -> None:
    """Writes into the lock who holds it."""
    lock.truncate(0)
    lock.write(f"at {address} (process {pid})\n")
    lock.flush()
    os.fsync(lock.fileno())


def new_cluster_id() -> str:
    """Draws an id for new data: 22 characters of URL-safe base64.

    Like Kafka's own `Uuid.randomUuid` it never begins with a hyphen, which Kafka's tools would take for an option.
    """
    while True:
        drawn = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        if not drawn.startswith("-"):
            return drawn


def cluster_id(folder: Path) -> str | None:
    """Returns the id that the data were formatted with, if they were."""
    meta = folder / DATA / "meta.properties"
    if not meta.exists():
        return None
    pairs = (line.partition("=") for line in meta.read_text(encoding="utf-8").splitlines())
    return next((value for name, _, value in pairs if name == "cluster.id"), None)
