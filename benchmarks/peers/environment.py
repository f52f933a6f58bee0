"""The environment of the peers: pinned, hashed, and apart from Vigil's own."""

import subprocess
import sys
import venv
from pathlib import Path

from benchmarks.places import ROOT
from vigil.errors import CommandFailed

FOLDER = ROOT / ".venv-peers"
LOCK = ROOT / "benchmarks" / "requirements-peers.txt"
_READY = ".ready"
_TOO_NEW = (3, 13)  # Bytewax 0.21 has wheels up to Python 3.12.


def install(folder: Path) -> None:
    """Makes the environment anew and installs what the lock names; a half-made one counts as none."""
    if sys.version_info >= _TOO_NEW:
        raise CommandFailed("Bytewax has no wheel for this Python: set up with `make clean setup PYTHON=python3.12`.")
    (folder / _READY).unlink(missing_ok=True)
    try:
        venv.EnvBuilder(clear=True, with_pip=True, symlinks=True).create(folder)
    except (OSError, subprocess.CalledProcessError) as error:
        raise CommandFailed(f"{folder} can't be made ({error}): name another folder with --environment.") from error
    pip = [str(_python(folder)), "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-deps"]
    hashed = ["--require-hashes", "--only-binary", ":all:", "--requirement", str(LOCK)]
    done = subprocess.run([*pip, *hashed], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        complaint = (done.stderr.strip().splitlines() or ["pip failed"])[-1]
        raise CommandFailed(f"The peers can't be installed ({complaint}): see that a package index answers.")
    (folder / _READY).write_bytes(LOCK.read_bytes())


def peers_python(folder: Path) -> str:
    """The interpreter that has the peers; an environment of another lock, or a half-made one, is refused."""
    ready = folder / _READY
    if not ready.exists():
        raise CommandFailed("The peers are not installed: run `vigil bench peers --install` first.")
    if ready.read_bytes() != LOCK.read_bytes():
        raise CommandFailed("The peers' lock has changed: run `vigil bench peers --install` again.")
    return str(_python(folder))


def _python(folder: Path) -> Path:
    return folder / "bin" / "python"
