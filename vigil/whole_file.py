"""A file that is written whole, or is not there at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from vigil.errors import CommandFailed


@contextmanager
def whole_file(file: Path) -> Iterator[IO[bytes]]:
    """A file beside the wanted one, which takes its place when all is written."""
    try:
        with tempfile.NamedTemporaryFile(dir=file.absolute().parent, prefix=f".{file.name}.", delete=False) as out:
            try:
                yield out
                out.flush()
                os.fsync(out.fileno())
                Path(out.name).replace(file)
            except BaseException:
                Path(out.name).unlink()
                raise
    except OSError as error:
        raise CommandFailed(f"{file} can't be written ({error.strerror}).") from error
