"""The embedded broker: a real Apache Kafka, one node on loopback, as a child process."""

import errno
import os
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from vigil.broker import warm_start
from vigil.broker.configuration import PROPERTIES, server_properties
from vigil.broker.diagnosis import LOG, OUTPUT, diagnose
from vigil.broker.errors import BrokerError, DiskFull, PortTaken
from vigil.broker.folder import cluster_id, new_cluster_id, sign, take
from vigil.broker.guarded import GuardedProcess
from vigil.broker.jars import class_path
from vigil.broker.java import find_java
from vigil.broker.ports import LOOPBACK, free_port, is_free
from vigil.broker.readiness import answers
from vigil.broker.settings import BrokerSettings
from vigil.settings import load

_LOGGING = Path(__file__).with_name("log4j2.properties")
_POLL_SECONDS = 0.05
_ATTEMPTS = 3


class Broker:
    """One Kafka node whose data stay in a folder, on the given port of loopback or, for 0, on a free one."""

    def __init__(
        self,
        folder: Path,
        *,
        port: int = 0,
        settings: BrokerSettings | None = None,
        java_options: Sequence[str] | None = None,
    ) -> None:
        self.folder = folder.absolute()
        self.port = port
        self._settings = settings or load(BrokerSettings)
        self._java_options = warm_start.options(self._settings) if java_options is None else java_options
        self._process: GuardedProcess | None = None
        self._log_start = 0

    @property
    def address(self) -> str:
        """Where clients connect; it stays the same when this object is started again."""
        return f"{LOOPBACK}:{self.port}"

    @property
    def pid(self) -> int:
        """The process id of Kafka itself."""
        return self._running().pid

    def start(self) -> None:
        """Starts Kafka and returns when it answers."""
        if self._process is not None:
            raise BrokerError(f"The broker at {self.address} is running already.")
        java = self._java()
        with take(self.folder, self._settings.lock_timeout) as lock:
            try:
                self._prepare(java)
                self._start_on_a_port(java, lock)
                sign(lock, self.address, self.pid)
            except OSError as error:
                self.stop()
                raise self._explain(error) from error
            except BaseException:
                self.stop()
                raise

    def stop(self) -> None:
        """Stops Kafka cleanly, or kills it when that takes too long; does nothing if it is not running."""
        if self._process is not None:
            self._process.stop()
            self._process = None

    def wait(self, timeout: float | None = None) -> BrokerError | None:
        """Waits until Kafka ends by itself and says why it did, or returns nothing when the time is over."""
        if not self._running().has_ended(timeout):
            return None
        return diagnose(self.folder, self.port, self._log_start)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def _running(self) -> GuardedProcess:
        if self._process is None:
            raise BrokerError("The broker is not running: start it first.")
        return self._process

    def _java(self) -> list[str]:
        """Returns the start of every command line: Java with its options and the jars."""
        return [
            str(find_java(self._settings.java).absolute()),
            f"-Xmx{self._settings.memory}",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError",
            "-Djava.awt.headless=true",
            f"-Dlog4j2.configurationFile={_LOGGING.as_uri()}",
            "-Dvigil.folder=.",
            "-cp",
            os.pathsep.join(str(jar.absolute()) for jar in class_path(self._settings.jars_folder)),
        ]

    def _prepare(self, java: list[str]) -> None:
        """Formats the folder on the first start."""
        if shutil.disk_usage(self.folder).free < self._settings.free_space:
            raise DiskFull(self.folder)
        log = self.folder / LOG
        self._log_start = log.stat().st_size if log.exists() else 0
        if cluster_id(self.folder) is not None:
            return
        self._configure(free_port())
        format_folder = ["kafka.tools.StorageTool", "format", "--ignore-formatted", "-t", new_cluster_id()]
        with (self.folder / OUTPUT).open("wb") as output:
            done = subprocess.run(
                [*java, *format_folder, "-c", PROPERTIES],
                cwd=self.folder,
                stdout=output,
                stderr=output,
                start_new_session=True,
                check=False,
            )
        if done.returncode != 0:
            raise diagnose(self.folder, self.port, self._log_start)

    def _start_on_a_port(self, java: list[str], lock: IO[str]) -> None:
        """Starts Kafka, again with other free ports if a program took one between our look and Kafka's."""
        wanted = self.port
        for attempts_left in reversed(range(_ATTEMPTS)):
            self.port = wanted or free_port()
            try:
                self._launch(java, lock)
                return
            except PortTaken:
                self.stop()
                self.port = wanted
                if not attempts_left or not is_free(wanted):
                    raise

    def _launch(self, java: list[str], lock: IO[str]) -> None:
        if not is_free(self.port):
            raise PortTaken(self.port)
        self._configure(self.port)
        program, *arguments = java
        self._process = GuardedProcess(
            [program, *self._java_options, *arguments, "kafka.Kafka", PROPERTIES],
            folder=self.folder,
            output=self.folder / OUTPUT,
            grace=self._settings.stop_timeout,
            lock=lock,
        )
        deadline = time.monotonic() + self._settings.start_timeout
        while not answers(LOOPBACK, self.port, cluster_id(self.folder) or ""):
            if self._process.has_ended(_POLL_SECONDS):
                raise diagnose(self.folder, self.port, self._log_start)
            if time.monotonic() > deadline:
                raise BrokerError(
                    f"The broker did not answer in {self._settings.start_timeout:g} s: see {self.folder / LOG}, "
                    "or give it longer with VIGIL_BROKER_START_TIMEOUT."
                )

    def _configure(self, port: int) -> None:
        properties = server_properties(port, free_port(besides=port))
        (self.folder / PROPERTIES).write_text(properties, encoding="utf-8")

    def _explain(self, error: OSError) -> BrokerError:
        if error.errno == errno.ENOSPC:
            return DiskFull(self.folder)
        return BrokerError(f"The broker cannot use {self.folder} ({error.strerror}): pass another --folder.")
