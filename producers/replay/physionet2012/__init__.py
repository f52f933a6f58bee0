"""The PhysioNet/CinC Challenge 2012 as one hospital: every stay admitted in turn, all of them merged in time order."""

from producers.replay.physionet2012.hospital import recordings
from producers.replay.physionet2012.source import UnreadableSource, read_source

__all__ = ["UnreadableSource", "read_source", "recordings"]
