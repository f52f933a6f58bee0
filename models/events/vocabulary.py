"""The words that records are written in: instants, names, and the closed lists of terms."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

VERSION = 1

Name = Annotated[str, Meta(min_length=1, max_length=256)]
Instant = Annotated[datetime, Meta(tz=True)]
Version = Annotated[int, Meta(description="Version of this record's form; only 1 is known.")]
Origin = Literal["live", "replay", "simulated"]
DeviceType = Literal["monitor", "wearable", "cgm", "fingerstick", "laboratory", "manual"]
Acvpu = Literal["A", "C", "V", "P", "U"]
Level = Literal["low", "low-medium", "medium", "high"]
Direction = Literal["low", "high"]
Priority = Literal["low", "medium", "high"]
Category = Literal["physiological", "technical"]
AlertKind = Literal["news2", "limit", "zero", "no-data", "anomaly", "risk", "gateway", "delivery"]
AlertState = Literal["pending", "active", "acknowledged", "latched", "closed"]
Inhibitor = Literal["episode", "snooze", "pause", "gateway", "flapping", "budget"]
Usefulness = Literal["actionable", "not-actionable"]
AnswerType = Literal["Acknowledgement", "Snooze", "Pause", "Feedback", "RecommendationAnswer", "PolicyChanged"]
PolicyScope = Literal["site", "ward", "patient"]
PartState = Literal["fresh", "stale", "missing"]
RefusedReason = Literal["unknown-code", "unknown-unit", "not-finite", "implausible", "sentinel"]
DeadLetterReason = Literal[
    "undecodable", "unknown-type", "unknown-version", "invalid", "missing-patient", "future", "too-late", "fold-failed"
]
RecommendationKind = Literal["response", "measure"]
RecommendationState = Literal["proposed", "accepted", "declined", "withdrawn"]
Decision = Literal["accepted", "declined"]
OutcomeKind = Literal["death", "deterioration", "discharge", "transfer"]
Detector = Literal["flat-line", "spike", "drift", "half-space-trees", "resting-heart-rate"]
FindingState = Literal["begun", "over"]
ForecastState = Literal["begun", "changed", "over"]
ModelName = Literal["deterioration", "stay"]
ExampleReason = Literal["news2", "death", "deterioration", "nothing"]
Sex = Literal["female", "male", "other"]
Grouping = Literal["age", "sex", "care unit"]
Offset = Annotated[int, Meta(ge=0, le=2**53)]
Finite = Annotated[float, Meta(ge=-1e9, le=1e9)]


class Record(Struct, frozen=True, kw_only=True, tag_field="type", tag=True):
    """One record on a topic, one JSON object on the wire."""
