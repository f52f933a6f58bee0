"""A worker of Vigil's engine with the reference job: python -m benchmarks.reference.worker HOST:PORT PREFIX."""

import sys

from benchmarks.reference.fold import ReferenceFold
from streams.logs import configure_logs
from streams.settings import Connection, WorkerSettings
from streams.worker import run_worker

if __name__ == "__main__":
    broker, prefix = sys.argv[1:]
    configure_logs()
    run_worker(WorkerSettings(prefix=prefix, metrics_port=0), Connection(bootstrap_servers=broker), ReferenceFold)
