"""Why a broker did not start or has died, in one line."""

import re
import shutil
from pathlib import Path

from vigil.broker.errors import BrokerError, DiskFull, PortTaken

LOG = "broker.log"
OUTPUT = "broker.out"
_NEXT_TO_NOTHING = 1024 * 1024
_LAST_BYTES = 256 * 1024
_COMPLAINT = re.compile(r"^(?:\S+ (?:ERROR|FATAL) \S+ |Exception in thread \S+ |(?=Error))(?P<what>.+)$", re.MULTILINE)
_CAUSE = re.compile(r"^(?:Caused by: )?[\w.$]+(?:Exception|Error): (?P<what>.+)$", re.MULTILINE)


def diagnose(folder: Path, port: int, log_start: int) -> BrokerError:
    """Says why the broker is gone, from what it has logged since the given place in its log."""
    said = _tail(folder / OUTPUT, 0)
    text = _tail(folder / LOG, log_start) + "\n" + said
    if "No space left on device" in text or shutil.disk_usage(folder).free < _NEXT_TO_NOTHING:
        return DiskFull(folder)
    if "Address already in use" in text:
        return PortTaken(port)
    return BrokerError(f"The broker has died: {_last_complaint(text) or _last_words(said)} Its log is {folder / LOG}.")


def _last_complaint(text: str) -> str | None:
    found = [*_COMPLAINT.finditer(text), *_CAUSE.finditer(text)]
    if not found:
        return None
    return max(found, key=lambda match: match.start())["what"].strip().rstrip(".") + "."


def _last_words(said: str) -> str:
    """Quotes what does not look like a complaint to us; better a puzzling line than none."""
    lines = said.strip().splitlines()
    return f"it last said {lines[-1].strip()!r}." if lines else "it was killed or left without a word."


def _tail(file: Path, start: int) -> str:
    """Reads the end of a file, which may have been rolled to a shorter one since `start` was taken."""
    if not file.exists():
        return ""
    size = file.stat().st_size
    with file.open("rb") as log:
        log.seek(max(start if start <= size else 0, size - _LAST_BYTES))
        return log.read().decode(errors="replace")
