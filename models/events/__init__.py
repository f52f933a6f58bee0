"""What enters and leaves Vigil: every record, frozen.

Times are aware datetimes in UTC (RFC 3339 on the wire); values carry a UCUM unit; identity follows LOINC.
`docs/events.md` and the JSON Schema are generated from this package.
"""

from models.events.alerting import Alert, Evidence, Recommendation
from models.events.assessment import (
    Anomaly,
    Assessment,
    Deviation,
    Driver,
    Finding,
    Flag,
    Forecast,
    Refused,
    Risk,
    Score,
    ScorePart,
)
from models.events.entering import Acknowledgement, Limits, Measurement, Outcome, PatientContext, Reading, Tick
from models.events.learning import Example, Learned, ModelPublished, ModelWithdrawn, Quality, Subgroup, Weight
from models.events.parked import DeadLetter
from models.events.vocabulary import (
    VERSION,
    Acvpu,
    AlertKind,
    AlertState,
    Category,
    DeadLetterReason,
    Detector,
    DeviceType,
    Direction,
    ExampleReason,
    FindingState,
    Finite,
    ForecastState,
    Instant,
    Level,
    Name,
    Offset,
    Origin,
    OutcomeKind,
    PartState,
    Priority,
    RecommendationKind,
    RecommendationState,
    Record,
    RefusedReason,
    Sex,
    Version,
)

__all__ = [
    "VERSION",
    "Acknowledgement",
    "Acvpu",
    "Alert",
    "AlertKind",
    "AlertState",
    "Anomaly",
    "Assessment",
    "Category",
    "DeadLetter",
    "DeadLetterReason",
    "Detector",
    "Deviation",
    "DeviceType",
    "Direction",
    "Driver",
    "Event",
    "Evidence",
    "Example",
    "ExampleReason",
    "Finding",
    "FindingState",
    "Finite",
    "Flag",
    "Forecast",
    "ForecastState",
    "Instant",
    "Learned",
    "Level",
    "Limits",
    "Measurement",
    "ModelPublished",
    "ModelWithdrawn",
    "Name",
    "Offset",
    "Origin",
    "Outcome",
    "OutcomeKind",
    "Output",
    "PartState",
    "PatientContext",
    "Priority",
    "Quality",
    "Reading",
    "Recommendation",
    "RecommendationKind",
    "RecommendationState",
    "Record",
    "Refused",
    "RefusedReason",
    "Risk",
    "Score",
    "ScorePart",
    "Sex",
    "Subgroup",
    "Tick",
    "Version",
    "Weight",
]

Event = Reading | PatientContext | Acknowledgement | Outcome | Tick | ModelPublished | ModelWithdrawn
"""All that may stand on the log."""

Output = Assessment | Alert | Recommendation | Example | DeadLetter
"""All that the fold tells."""
