"""A recording that can't be played."""


class UnreadableRecordingError(Exception):
    """The recording can't be read; the message, one line without its full stop, says which file and what to do."""
