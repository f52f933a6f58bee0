"""The broker's jars: fetched from Maven Central, each checked against the sha256 sum in the committed lock."""

import fcntl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import requests
import tenacity
import truststore
from jgo.env import LockedDependency, LockFile
from jgo.maven import MavenContext

from vigil.broker.errors import BrokerError

LOCK = Path(__file__).with_name("jars.lock.toml")
_KAFKA = "org.apache.kafka:kafka_2.13:4.3.0"
_LOGGING = "org.apache.logging.log4j:log4j-slf4j-impl:2.25.4"  # Kafka ships it, but does not declare it.
_PARALLEL_DOWNLOADS = 4
_TIMEOUT_SECONDS = 60


def class_path(folder: Path, lock: Path = LOCK) -> list[Path]:
    """Returns the checked jars in the folder, after fetching those that are missing or damaged."""
    locked = LockFile.load(lock)
    _require_sums(locked)
    folder.mkdir(parents=True, exist_ok=True)
    with _alone_in(folder):
        if locked.verify_checksums(folder):
            _fetch(folder, locked)
    return [_path(folder, jar) for jar in locked.dependencies]


def write_lock(folder: Path, lock: Path = LOCK) -> None:
    """Resolves the broker's dependencies anew and writes their versions and sums."""
    truststore.inject_into_ssl()
    context = MavenContext(repo_cache=folder, timeout=_TIMEOUT_SECONDS)
    kafka, logging = (context.create_dependency(coordinate) for coordinate in (_KAFKA, _LOGGING))
    _, nodes = context.resolver.get_dependency_list([kafka])
    jars = sorted((kafka, logging, *(node.dep for node in nodes)), key=str)
    LockFile.from_resolved_dependencies(jars).save(lock)


def _require_sums(locked: LockFile) -> None:
    """Refuses an entry without a sum, which jgo would take for a good one."""
    for jar in locked.dependencies:
        if not jar.sha256:
            raise BrokerError(f"The lock of the broker's jars has no sha256 for {jar.artifactId}: run `make lock`.")


def _fetch(folder: Path, locked: LockFile) -> None:
    _remove_damaged(folder, locked)
    truststore.inject_into_ssl()
    context = MavenContext(repo_cache=folder, timeout=_TIMEOUT_SECONDS)
    try:
        with ThreadPoolExecutor(_PARALLEL_DOWNLOADS) as pool:
            list(pool.map(lambda jar: _download(context, folder, jar), locked.dependencies))
    except (OSError, RuntimeError) as error:
        raise BrokerError(
            f"The broker's jars could not be fetched ({error}): connect to the network and retry."
        ) from error
    faults = locked.verify_checksums(folder)
    if faults:
        _remove_damaged(folder, locked)
        raise BrokerError(f"A jar of the broker is not the one in the lock and was removed: {faults[0]}.")


def _remove_damaged(folder: Path, locked: LockFile) -> None:
    for jar in locked.dependencies:
        if LockFile([jar]).verify_checksums(folder):
            _path(folder, jar).unlink(missing_ok=True)


def _download(context: MavenContext, folder: Path, jar: LockedDependency) -> None:
    component = context.project(jar.groupId, jar.artifactId).at_version(jar.version)
    for attempt in tenacity.Retrying(
        retry=tenacity.retry_if_exception_type(requests.RequestException),
        stop=tenacity.stop_after_attempt(3),
        wait=tenacity.wait_exponential_jitter(initial=1, max=10),
        before_sleep=lambda _: _path(folder, jar).unlink(missing_ok=True),
        reraise=True,
    ):
        with attempt:
            component.artifact(jar.classifier or "", jar.packaging).resolve()


def _path(folder: Path, jar: LockedDependency) -> Path:
    """Where jgo keeps a jar: the layout of a Maven repository."""
    classifier = f"-{jar.classifier}" if jar.classifier else ""
    name = f"{jar.artifactId}-{jar.version}{classifier}.{jar.packaging}"
    return folder.joinpath(*jar.groupId.split("."), jar.artifactId, jar.version, name)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Keeps two set-ups from fetching into one folder at once."""
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
