"""What enters and leaves Vigil: every record, frozen.

Times are aware datetimes in UTC (RFC 3339 on the wire); values carry a UCUM unit; identity follows LOINC.
`docs/events.md` and the JSON Schema are generated from this package.
"""

from models.events.alerting import Alert, Evidence, Recommendation
from models.events.answering import (
    AboutAnAlert,
    Acknowledgement,
    Answered,
    AnswerResult,
    DeliveryReport,
    Feedback,
    Pause,
    PolicyChanged,
    RecommendationAnswer,
    Snooze,
)
from models.events.assessment import (
    Anomaly,
    Assessment,
    Deviation,
    Driver,
    Finding,
    Flag,
    Forecast,
    OtherScores,
    Refused,
    Risk,
    Score,
    ScorePart,
    ShockIndex,
    StayRisk,
)
from models.events.entering import GatewayHeartbeat, Limits, Measurement, Outcome, PatientContext, Reading, Tick
from models.events.learning import (
    Example,
    Learned,
    ModelPublished,
    ModelWithdrawn,
    Quality,
    StayEnded,
    StayExample,
    Subgroup,
    Weight,
)
from models.events.parked import DeadLetter
from models.events.policy import (
    AnomalyPolicy,
    LimitPolicy,
    NotificationPolicy,
    Policy,
    ScorePolicy,
    SilencePolicy,
)
from models.events.vocabulary import (
    VERSION,
    Acvpu,
    AlertKind,
    AlertState,
    AnswerType,
    Category,
    DeadLetterReason,
    Decision,
    Detector,
    DeviceType,
    Direction,
    ExampleReason,
    FindingState,
    Finite,
    ForecastState,
    Grouping,
    Inhibitor,
    Instant,
    Level,
    ModelName,
    Name,
    Offset,
    Origin,
    OutcomeKind,
    PartState,
    PolicyScope,
    Priority,
    RecommendationKind,
    RecommendationState,
    Record,
    RefusedReason,
    Sex,
    Usefulness,
    Version,
)

__all__ = [
    "VERSION",
    "AboutAnAlert",
    "Acknowledgement",
    "Acvpu",
    "Alert",
    "AlertKind",
    "AlertState",
    "Anomaly",
    "AnomalyPolicy",
    "Answer",
    "AnswerResult",
    "AnswerType",
    "Answered",
    "Assessment",
    "Category",
    "DeadLetter",
    "DeadLetterReason",
    "Decision",
    "DeliveryReport",
    "Detector",
    "Deviation",
    "DeviceType",
    "Direction",
    "Driver",
    "Event",
    "Evidence",
    "Example",
    "ExampleReason",
    "Feedback",
    "Finding",
    "FindingState",
    "Finite",
    "Flag",
    "Forecast",
    "ForecastState",
    "GatewayHeartbeat",
    "Grouping",
    "Inhibitor",
    "Instant",
    "Learned",
    "Level",
    "LimitPolicy",
    "Limits",
    "Measurement",
    "ModelName",
    "ModelPublished",
    "ModelWithdrawn",
    "Name",
    "NotificationPolicy",
    "Offset",
    "Origin",
    "OtherScores",
    "Outcome",
    "OutcomeKind",
    "Output",
    "PartState",
    "PatientContext",
    "Pause",
    "Policy",
    "PolicyChanged",
    "PolicyScope",
    "Priority",
    "Quality",
    "Reading",
    "Recommendation",
    "RecommendationAnswer",
    "RecommendationKind",
    "RecommendationState",
    "Record",
    "Refused",
    "RefusedReason",
    "Risk",
    "Score",
    "ScorePart",
    "ScorePolicy",
    "Sex",
    "ShockIndex",
    "SilencePolicy",
    "Snooze",
    "StayEnded",
    "StayExample",
    "StayRisk",
    "Subgroup",
    "Tick",
    "Usefulness",
    "Version",
    "Weight",
]

Answer = Acknowledgement | Snooze | Pause | Feedback | RecommendationAnswer | PolicyChanged
"""What people say; each gets an AnswerResult."""

Event = (
    Reading
    | PatientContext
    | Answer
    | Outcome
    | Tick
    | GatewayHeartbeat
    | DeliveryReport
    | ModelPublished
    | ModelWithdrawn
)
"""All that may stand on the log."""

Output = Assessment | Alert | Recommendation | AnswerResult | Example | StayExample | StayEnded | DeadLetter
"""All that the fold tells."""
