"""What happened to each patient over time: read back from the log, and kept with bounded memory."""

from consumers.ward.past.histories import Histories, Past

__all__ = ["Histories", "Past"]
