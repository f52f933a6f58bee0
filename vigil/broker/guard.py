"""Runs one command and stops it when standard input ends, so that it never outlives whoever started it.

It is run as a file of its own, `guard.py GRACE_SECONDS COMMAND...`, and uses the standard library only, to be quick.
It prints the command's process id first, and ends with the command's exit status.
"""

import ctypes
import signal
import subprocess
import sys
import threading

_PR_SET_PDEATHSIG = 1


def main() -> int:
    """Runs the command until it ends by itself or standard input ends."""
    grace, *command = sys.argv[1:]
    child = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        preexec_fn=_die_with_the_guard,  # noqa: PLW1509 - no thread exists yet, so the hook is safe.
    )
    signal.signal(signal.SIGTERM, lambda *_: child.terminate())
    print(child.pid, flush=True)  # noqa: T201 - this is the guard's whole protocol.
    threading.Thread(target=_stop_at_end_of_input, args=(child, float(grace)), daemon=True).start()
    return abs(child.wait())


def _die_with_the_guard() -> None:
    """Asks Linux to kill the command when the guard's main thread, which starts it and waits for it, is gone."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _stop_at_end_of_input(child: subprocess.Popen[bytes], grace: float) -> None:
    sys.stdin.buffer.read()
    child.terminate()
    try:
        child.wait(grace)
    except subprocess.TimeoutExpired:
        child.kill()


if __name__ == "__main__":
    sys.exit(main())
