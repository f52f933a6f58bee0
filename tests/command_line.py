"""The command line in the process of the tests: half a second less than one of its own, for what needs none."""

import sys
from contextlib import redirect_stderr, redirect_stdout
from io import BytesIO, TextIOWrapper
from pathlib import Path
from subprocess import CompletedProcess
from unittest.mock import patch

import pytest

from vigil.cli import main


def vigil(*arguments: str | int | Path) -> CompletedProcess[str]:
    """Runs the whole command as a shell would, and gives its status and what it wrote."""
    out, complaint = (TextIOWrapper(BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    words = ["vigil", *map(str, arguments)]
    with (
        pytest.raises(SystemExit) as left,
        patch.object(sys, "argv", words),
        redirect_stdout(out),
        redirect_stderr(complaint),
    ):
        main()
    told, complained = (stream.buffer.getvalue().decode() for stream in (out, complaint))
    return CompletedProcess(words, int(left.value.code or 0), told, complained)
