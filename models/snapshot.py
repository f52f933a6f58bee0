"""A patient as it was before a record, to go back to should the record fail."""

from typing import NamedTuple

import msgspec

from models.history import History
from models.picture import Patient


class Snapshot(NamedTuple):
    """A picture as bytes, but for its histories: they are never changed, so they are kept as they are, in order."""

    picture: bytes
    histories: list[History]


def snapshot_of(patient: Patient) -> Snapshot:
    """The picture as it is now."""
    histories: list[History] = []
    return Snapshot(msgspec.msgpack.encode(patient, enc_hook=histories.append), histories)


def picture_of(snapshot: Snapshot) -> Patient:
    """The picture as it was then."""
    histories = iter(snapshot.histories)
    return msgspec.msgpack.decode(snapshot.picture, type=Patient, dec_hook=lambda *_: next(histories))
