"""One record on its way to the log."""

from datetime import datetime

from msgspec import Struct


class Entry(Struct, frozen=True, gc=False):
    """The bytes of one record, and what a feed must know of them.

    `name` is how a person finds it again (a reading id, a line of a file). `at` moves the replay's clock; a record
    with none, or one that nobody believes, goes as it comes. Without `partition` the patient's key decides, and what
    `is_for_all` must be given one for each.
    """

    value: bytes
    name: str
    key: bytes | None = None
    at: datetime | None = None
    partition: int | None = None
    reading_id: str | None = None
    measurements: int = 0
    is_tick: bool = False
    is_for_all: bool = False
    headers: tuple[tuple[str, bytes], ...] = ()
