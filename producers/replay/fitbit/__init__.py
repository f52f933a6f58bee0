"""Fitbit watches worn at home for months (Mishra et al., Nature Biomedical Engineering 2020): heart rate and steps."""

from producers.replay.fitbit.home import recordings
from producers.replay.fitbit.source import read_onsets, read_source

__all__ = ["read_onsets", "read_source", "recordings"]
