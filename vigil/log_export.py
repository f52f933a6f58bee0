"""A recorded log as a file, whole or not there at all."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from producers.replay.exported import Placed, export_line
from vigil.log_reader import read_topics
from vigil.whole_file import whole_file


def export_log(log: str, client: Mapping[str, Any], file: Path) -> int:
    """Writes what the topic holds now, by partition and offset, and tells how many records that was."""
    written = 0
    with whole_file(file) as out:
        for records in read_topics(client, [log], in_order=True):
            for record in records:
                out.write(export_line(Placed(record.partition, record.offset, record.key, record.value or b"")) + b"\n")
            written += len(records)
    return written
