"""The dashboard of whoever runs the wards: what alerts ask of people, how soon they answer, who is covered."""

from vigil.docs.dashboards.dashboard import Dashboard, Section
from vigil.docs.dashboards.panel import Chart, Figure, Query

_FIGURES = (
    Figure(
        title="Patients monitored",
        says="Patients that are watched in the wards chosen above.",
        expression='sum(vigil_patients_monitored{ward=~"$ward"}) or vector(0)',
    ),
    Figure(
        title="Open high alerts",
        says="High alerts that are active, acknowledged or latched.",
        expression='sum(vigil_open_alerts{priority="high", ward=~"$ward"}) or vector(0)',
        steps=(("text", None), ("red", 1)),
    ),
    Figure(
        title="Oldest high alert unanswered",
        says=(
            "By the clock of the log, since the oldest high alert began that nobody has acknowledged. "
            "0 when there is none."
        ),
        expression='max(vigil_oldest_unanswered_high_alert_age_seconds{ward=~"$ward"})',
        unit="s",
        decimals=0,
        steps=(("text", None), ("red", 600)),
    ),
    Figure(
        title="Alerts a patient-day",
        says="Alerts of the last day that notified somebody, for each patient and day that was watched; "
        "nothing before one patient-day was.",
        expression=(
            'sum(ward_kind_priority:vigil_alerts:increase1d{ward=~"$ward"}) '
            '/ (sum(ward:vigil_patient_days:sum1d{ward=~"$ward"}) >= 1)'
        ),
        decimals=1,
    ),
    Figure(
        title="Alerts in the time shown",
        says="Alerts that notified somebody in the time that is chosen above.",
        expression='sum(increase(vigil_alerts_total{ward=~"$ward"}[$__range])) or vector(0)',
        decimals=0,
    ),
    Figure(
        title="Time to acknowledge, median",
        says="Of the last 6 hours and of all wards, in event time.",
        expression='job:vigil_time_to_acknowledge_seconds:p50_rate6h{job="vigil-worker"}',
        unit="s",
    ),
    Figure(
        title="Judged worth it",
        says="Of the alerts of all wards that somebody judged in the last day. Nothing while nobody says.",
        expression='job:vigil_alert_feedback:actionable_ratio_increase1d{job="vigil-worker"}',
        unit="percentunit",
        decimals=0,
    ),
    Figure(
        title="Ever scored",
        says="Of the patients that are monitored, those of whom a part of NEWS2 was ever known.",
        expression=(
            '1 - sum(vigil_patients_never_scored{ward=~"$ward"}) / (sum(vigil_patients_monitored{ward=~"$ward"}) > 0)'
        ),
        unit="percentunit",
        decimals=0,
        steps=(("orange", None), ("text", 0.8)),
    ),
)

_BURDEN = (
    Chart(
        title="Alerts a patient-day, by ward",
        says=(
            "Alerts of the last day that notified somebody, for each patient and day that was watched; "
            "nothing before one patient-day was; the line is where the rule VigilBurdenHigh fires."
        ),
        queries=(Query('ward:vigil_alerts:per_patient_day1d{ward=~"$ward"}', "{{ward}}"),),
        unit="short",
        line=10,
        colour="orange",
    ),
    Chart(
        title="Alerts a patient-day, by kind and priority",
        says="The same, of the wards chosen: which kind costs most?",
        queries=(
            Query(
                'sum by (kind, priority) (ward_kind_priority:vigil_alerts:increase1d{ward=~"$ward"}) '
                '/ scalar(sum(ward:vigil_patient_days:sum1d{ward=~"$ward"}) >= 1) > 0',
                "{{kind}}, {{priority}}",
            ),
        ),
        unit="short",
        is_stacked=True,
    ),
    Chart(
        title="Alerts notified in the last hour, by kind and priority",
        says="How often somebody was to be told: what the alerts cost the ward now.",
        queries=(
            Query(
                'sum by (kind, priority) (increase(vigil_alerts_total{ward=~"$ward"}[1h])) > 0',
                "{{kind}}, {{priority}}",
            ),
        ),
        is_stacked=True,
    ),
    Chart(
        title="Patient-days of the last day, by ward",
        says="What the figures are counted against: the patients that were watched, each minute of the last 1,440.",
        queries=(Query('ward:vigil_patient_days:sum1d{ward=~"$ward"}', "{{ward}}"),),
        unit="short",
    ),
    Chart(
        title="Alerts held back in the last hour, by reason",
        says=(
            "They hold, and nobody was notified: evidence of another alert, snoozed, paused, behind a silent gateway, "
            "or coming and going."
        ),
        queries=(Query('sum by (reason) (increase(vigil_alerts_inhibited_total{ward=~"$ward"}[1h]))', "{{reason}}"),),
    ),
    Chart(
        title="Held back for each alert that notified, by reason",
        says="Of the last day: what people would be told besides.",
        queries=(
            Query(
                'sum by (reason) (ward_reason:vigil_alerts_inhibited:increase1d{ward=~"$ward"}) '
                '/ scalar(sum(ward_kind_priority:vigil_alerts:increase1d{ward=~"$ward"}) > 0)',
                "{{reason}}",
            ),
        ),
        unit="short",
    ),
)

_ANSWERS = (
    Chart(
        title="Open alerts by ward",
        says="Alerts that are active, acknowledged or latched, by ward and priority.",
        queries=(Query('sum by (ward, priority) (vigil_open_alerts{ward=~"$ward"})', "{{ward}} {{priority}}"),),
        is_stacked=True,
    ),
    Chart(
        title="Oldest high alert that nobody answered, by ward",
        says=("By the clock of the log, since it began; the line is where the rule VigilHighAlertUnanswered fires."),
        queries=(Query('max by (ward) (vigil_oldest_unanswered_high_alert_age_seconds{ward=~"$ward"})', "{{ward}}"),),
        unit="s",
        line=600,
    ),
    Chart(
        title="Time to acknowledge, of the last 6 hours",
        says="Event time from the first notification to the acknowledgement, of all wards.",
        queries=(
            Query('job:vigil_time_to_acknowledge_seconds:p50_rate6h{job="vigil-worker"}', "median"),
            Query('job:vigil_time_to_acknowledge_seconds:p95_rate6h{job="vigil-worker"}', "95 %"),
        ),
        unit="s",
    ),
    Chart(
        title="Of what use alerts were, in the last day",
        says="What people told of alerts of all wards, open or closed of late.",
        queries=(Query("sum by (usefulness) (increase(vigil_alert_feedback_total[1d]))", "{{usefulness}}"),),
    ),
)

_COVERAGE = (
    Chart(
        title="Patients monitored and never scored, by ward",
        says=("A patient who is never scored has no fresh value of any part of NEWS2 yet, or is not of an age for it."),
        queries=(
            Query('sum by (ward) (vigil_patients_monitored{ward=~"$ward"})', "{{ward}} monitored"),
            Query('sum by (ward) (vigil_patients_never_scored{ward=~"$ward"})', "{{ward}} never scored"),
        ),
    ),
    Chart(
        title="Share of patients ever scored, by ward",
        says="Of those that are monitored. Below 80 % for half an hour the rule VigilCoverageLow fires.",
        queries=(Query('ward:vigil_patients_scored:ratio{ward=~"$ward"}', "{{ward}}"),),
        unit="percentunit",
    ),
    Chart(
        title="Patients without a forecast, by reason",
        says=(
            "Not applicable: under 16 or pregnant. Nothing known: no part of NEWS2 was ever measured. "
            "No model: no version is in force."
        ),
        queries=(Query('sum by (reason) (vigil_patients_without_risk{ward=~"$ward"})', "{{reason}}"),),
    ),
    Chart(
        title="Share of patients with a forecast, by ward",
        says="Of those that are monitored. A forecast is in the shadow: no alert waits for it.",
        queries=(Query('ward:vigil_patients_foretold:ratio{ward=~"$ward"}', "{{ward}}"),),
        unit="percentunit",
    ),
)

CLINICAL = Dashboard(
    name="clinical",
    title="clinical operations",
    description="What alerts ask of people, how soon they answer, and of whom anything is known.",
    text=(
        "This page is about wards; no patient is named here, and few alerts do not say that patients are well. "
        "Days are counted by the clock on the wall: of a log that runs faster than life they say little."
    ),
    figures=_FIGURES,
    sections=(
        Section("What alerts ask of people", _BURDEN),
        Section("How people answer", _ANSWERS),
        Section("Who is covered", _COVERAGE),
    ),
)
