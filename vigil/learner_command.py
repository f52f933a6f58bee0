"""The command line of a supervised learner."""

import os
import socket
import sys


def learner_command(broker: str, prefix: str, *, metrics_port: int | None = None) -> list[str]:
    """How a supervisor starts the learner; metrics on its usual port if none is given, on a free one for 0."""
    port = [] if metrics_port is None else ["--metrics-port", str(metrics_port)]
    instance = f"{socket.gethostname()}-{os.getpid()}-learner"
    return [
        *(sys.executable, "-m", "vigil", "learner", "--broker", broker, "--prefix", prefix),
        *("--instance-id", instance),
        *port,
    ]
