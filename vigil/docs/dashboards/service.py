"""The dashboard of whoever keeps Vigil running: is everything watched, and is it in time?"""

from vigil.docs.dashboards.dashboard import Dashboard, Section
from vigil.docs.dashboards.delivery import DELIVERY
from vigil.docs.dashboards.panel import Chart, Figure, Query

_FIGURES = (
    Figure(
        title="Workers that answer",
        says="How many workers answered Prometheus at its last scrape.",
        expression='sum(up{job="vigil-worker"})',
        steps=(("red", None), ("text", 1)),
    ),
    Figure(
        title="Partitions watched",
        says="Partitions that a worker holds and has restored, of 8; the patients of the others are not watched.",
        expression="sum(vigil_partitions_restored)",
        steps=(("red", None), ("text", 8)),
    ),
    Figure(
        title="Age of the last tick",
        says="Ticks come every 5 s; without them no delay passes and no silence is noticed.",
        expression="max(vigil_last_tick_age_seconds)",
        unit="s",
        decimals=0,
        steps=(("text", None), ("red", 30)),
    ),
    Figure(
        title="Records behind",
        says="What waits on all partitions.",
        expression="sum(partition:vigil_lag_records:max)",
        steps=(("text", None), ("red", 1000)),
    ),
    Figure(
        title="Latency, 95 %",
        says="Of the last 5 minutes, from a record's arrival in Kafka to its committed outputs.",
        expression='job:vigil_end_to_end_latency_seconds:p95_rate5m{job="vigil-worker"}',
        unit="s",
    ),
    Figure(
        title="Alerts told to nobody",
        says="Open, unanswered alerts that a route takes and no receiver has taken.",
        expression="sum(vigil_undelivered_alerts) or vector(0)",
        steps=(("text", None), ("red", 1)),
    ),
    Figure(
        title="Learners that answer",
        says="Without one everything works but the learned risk.",
        expression='sum(up{job="vigil-learner"})',
        steps=(("orange", None), ("text", 1)),
    ),
    Figure(
        title="Rules that fire",
        says="What they ask for is in docs/runbook.md; the Alerts page of Prometheus names them.",
        expression='count(ALERTS{alertstate="firing"}) or vector(0)',
        steps=(("text", None), ("red", 1)),
    ),
)

_ON_THEIR_WAY = (
    Chart(
        title="Intake and processing",
        says="Records a second that reached the workers, records whose transaction is committed, and readings of them.",
        queries=(
            Query('sum(rate(vigil_records_received_total{instance=~"$instance"}[$__rate_interval]))', "received"),
            Query('sum(rate(vigil_records_processed_total{instance=~"$instance"}[$__rate_interval]))', "processed"),
            Query('sum(rate(vigil_readings_processed_total{instance=~"$instance"}[$__rate_interval]))', "readings"),
            Query('job:vigil_records_received:rate5m{job="vigil-worker"}', "received by all, over 5 min"),
            Query('job:vigil_records_processed:rate5m{job="vigil-worker"}', "processed by all, over 5 min"),
        ),
    ),
    Chart(
        title="End-to-end latency",
        says="Of the last 5 minutes, from a record's arrival in Kafka to its committed outputs, of all workers.",
        queries=(
            Query('job:vigil_end_to_end_latency_seconds:p50_rate5m{job="vigil-worker"}', "median"),
            Query('job:vigil_end_to_end_latency_seconds:p95_rate5m{job="vigil-worker"}', "95 %"),
            Query('job:vigil_end_to_end_latency_seconds:p99_rate5m{job="vigil-worker"}', "99 %"),
        ),
        unit="s",
    ),
    Chart(
        title="Lag by partition",
        says=(
            "Records between the last committed one and the end of the log; the line is where the rule VigilLag fires."
        ),
        queries=(Query("partition:vigil_lag_records:max", "partition {{partition}}"),),
        line=1000,
    ),
    Chart(
        title="Age of the last tick, by worker",
        says=(
            "Wall clock since the oldest of its partitions' last ticks; the line is where the rule VigilNoTicks fires."
        ),
        queries=(Query('max by (instance) (vigil_last_tick_age_seconds{instance=~"$instance"})', "{{instance}}"),),
        unit="s",
        line=30,
    ),
)

_UNUSABLE = (
    Chart(
        title="Dead letters of the last 10 minutes, by reason",
        says=(
            "Records that are on dead-letters: `vigil dead-letters list` shows them. "
            "Any of them makes the rule VigilDeadLetters fire."
        ),
        queries=(Query("sum by (reason) (increase(vigil_dead_letters_total[10m]))", "{{reason}}"),),
    ),
    Chart(
        title="Records that can't be used, of all",
        says="Of the last 5 minutes. The dashboard of the intake says which gateway sends them.",
        queries=(Query('job:vigil_dead_letters:ratio_rate5m{job="vigil-worker"}', "dead letters"),),
        unit="percentunit",
    ),
)

_ENGINE = (
    Chart(
        title="Transactions a second",
        says="Committed Kafka transactions, by worker.",
        queries=(
            Query(
                'sum by (instance) (rate(vigil_transactions_total{instance=~"$instance"}[$__rate_interval]))',
                "{{instance}}",
            ),
        ),
    ),
    Chart(
        title="Age of the last checkpoint, by partition",
        says=(
            "What a take-over has to fold again; 0 when the checkpoint covers everything; "
            "the line is where the rule VigilCheckpointOld fires."
        ),
        queries=(
            Query(
                'max by (partition) (vigil_checkpoint_age_seconds{instance=~"$instance"})', "partition {{partition}}"
            ),
        ),
        unit="s",
        line=300,
    ),
    Chart(
        title="Size of the last checkpoint, by partition",
        says="Only what changed since the one before it.",
        queries=(
            Query('max by (partition) (vigil_checkpoint_bytes{instance=~"$instance"})', "partition {{partition}}"),
        ),
        unit="bytes",
    ),
    Chart(
        title="What the last restore took, by partition",
        says="From the fence to the first new record.",
        queries=(
            Query('max by (partition) (vigil_restore_seconds{instance=~"$instance"})', "partition {{partition}}"),
        ),
        unit="s",
    ),
    Chart(
        title="Partitions by worker",
        says="Held and restored; in between a worker folds what it missed, and the patients there are not watched.",
        queries=(
            Query('max by (instance) (vigil_partitions_held{instance=~"$instance"})', "{{instance}} held"),
            Query('max by (instance) (vigil_partitions_restored{instance=~"$instance"})', "{{instance}} restored"),
        ),
    ),
    Chart(
        title="Faults of Vigil's own",
        says=(
            "Looks at which the learned risk, or a detector that raises no alert, failed; scores and alerts came as "
            "ever. Both should stay 0: report what is above it."
        ),
        queries=(
            Query("sum(vigil_risk_faults)", "learned risk"),
            Query("sum(vigil_looks_failed)", "detectors"),
            Query("sum(vigil_delivery_unreadable_total)", "records that the deliverer can't read"),
        ),
    ),
)

_PROCESSES = (
    Chart(
        title="Starts of the last 15 minutes, by process",
        says="How often each began anew; the line is where the rule VigilRestartLoop fires.",
        queries=(Query('changes(vigil_process_start_time_seconds{instance=~"$instance"}[15m])', "{{instance}}"),),
        line=2,
    ),
    Chart(
        title="Memory, by process",
        says="Resident memory of workers, learners and deliverers.",
        queries=(Query('vigil_process_resident_memory_bytes{instance=~"$instance"}', "{{instance}}"),),
        unit="bytes",
    ),
    Chart(
        title="Processor, by process",
        says="Of one core; a worker at 1 can't take more.",
        queries=(
            Query('rate(vigil_process_cpu_seconds_total{instance=~"$instance"}[$__rate_interval])', "{{instance}}"),
        ),
        unit="percentunit",
    ),
    Chart(
        title="Open files, by process",
        says="Of all that it may open.",
        queries=(
            Query(
                'vigil_process_open_fds{instance=~"$instance"} / vigil_process_max_fds{instance=~"$instance"}',
                "{{instance}}",
            ),
        ),
        unit="percentunit",
    ),
)

SERVICE = Dashboard(
    name="service",
    title="service health",
    description="Whether Vigil watches everybody, and in time.",
    text=(
        "This page is about Vigil itself; no patient is named here. A quiet page does not say that patients are well."
    ),
    figures=_FIGURES,
    sections=(
        Section("Records on their way", _ON_THEIR_WAY),
        Section("What could not be used", _UNUSABLE),
        Section("Engine", _ENGINE),
        Section("Delivery", DELIVERY),
        Section("Processes", _PROCESSES),
    ),
)
