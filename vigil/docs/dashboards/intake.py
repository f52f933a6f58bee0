"""The dashboard of whoever runs gateways and devices: what comes through which, how late, and what is no good."""

from vigil.docs.dashboards.dashboard import Dashboard, Section
from vigil.docs.dashboards.panel import Chart, Figure, Query

_FIGURES = (
    Figure(
        title="Gateways that are heard",
        says="Gateways whose last heartbeat is under a minute old, by the clock of the log.",
        expression='count(gateway:vigil_gateway_heartbeat_age_seconds:max{gateway=~"$gateway"} < 60) or vector(0)',
    ),
    Figure(
        title="Gateways that are silent",
        says="Gateways that sent a heartbeat once, and none for a minute or more; after 7 days one is forgotten.",
        expression='count(gateway:vigil_gateway_heartbeat_age_seconds:max{gateway=~"$gateway"} >= 60) or vector(0)',
        steps=(("text", None), ("red", 1)),
    ),
    Figure(
        title="Readings a second",
        says="Over the last 5 minutes, through the gateways chosen.",
        expression='sum(gateway:vigil_gateway_readings:rate5m{gateway=~"$gateway"}) or vector(0)',
        decimals=1,
    ),
    Figure(
        title="Readings in the time shown",
        says="Through the gateways chosen, in the time that is chosen above.",
        expression='sum(increase(vigil_gateway_readings_total{gateway=~"$gateway"}[$__range])) or vector(0)',
        decimals=0,
    ),
)

_READINGS = (
    Chart(
        title="Readings a second, by gateway",
        says="Over 5 minutes. Unknown: through a gateway that never sent a heartbeat, or through none.",
        queries=(Query('gateway:vigil_gateway_readings:rate5m{gateway=~"$gateway"}', "{{gateway}}"),),
        is_stacked=True,
        unit="short",
    ),
    Chart(
        title="Readings a second, by kind of device",
        says="The same, by what the feed says of the device.",
        queries=(
            Query(
                'sum by (device_type) (gateway_device_type:vigil_gateway_readings:rate5m{gateway=~"$gateway"})',
                "{{device_type}}",
            ),
        ),
        is_stacked=True,
        unit="short",
    ),
    Chart(
        title="Since the last heartbeat, by gateway",
        says=(
            "By the clock of the log. From a minute on the gateway is silent, and its patients may be unwatched; "
            "the line is where the rule VigilGatewaySilent fires."
        ),
        queries=(Query('gateway:vigil_gateway_heartbeat_age_seconds:max{gateway=~"$gateway"}', "{{gateway}}"),),
        unit="s",
        line=60,
    ),
)

_LATE = (
    Chart(
        title="How old readings are when they come, by gateway: 95 %",
        says="Of the last 15 minutes, by the clock of the log, which is up to a tick behind.",
        queries=(Query('gateway:vigil_gateway_reading_age_seconds:p95_rate15m{gateway=~"$gateway"}', "{{gateway}}"),),
        unit="s",
    ),
    Chart(
        title="Share of readings that come late, by gateway",
        says=(
            "Over 60 s old: a continuous value raises no alert any more. "
            "Of the last 15 minutes; the line is where the rule VigilGatewayLate fires."
        ),
        queries=(Query('gateway:vigil_gateway_readings:late_ratio_rate15m{gateway=~"$gateway"}', "{{gateway}}"),),
        unit="percentunit",
        line=0.1,
        colour="orange",
    ),
)

_NO_GOOD = (
    Chart(
        title="Refused measurements for each reading, by gateway",
        says="Measurements that were not believed; the rest of their reading stands. Of the last 15 minutes.",
        queries=(
            Query('gateway:vigil_gateway_refused_measurements:per_reading_rate15m{gateway=~"$gateway"}', "{{gateway}}"),
        ),
        unit="short",
    ),
    Chart(
        title="Refused measurements of the last hour, by gateway and reason",
        says="The assessment of the reading says which one and why.",
        queries=(
            Query(
                'sum by (gateway, reason) (increase(vigil_gateway_refused_measurements_total{gateway=~"$gateway"}[1h]))'
                " > 0",
                "{{gateway}}, {{reason}}",
            ),
        ),
    ),
    Chart(
        title="Readings that could not be used, of the last hour, by gateway",
        says="They could be read, and are on dead-letters: of the future, too late, or not to be folded.",
        queries=(Query('gateway:vigil_gateway_dead_letters:increase1h{gateway=~"$gateway"}', "{{gateway}}"),),
    ),
    Chart(
        title="Refused measurements of the last 10 minutes, by reason",
        says="Of all gateways, and of what came through none.",
        queries=(Query("sum by (reason) (increase(vigil_refused_measurements_total[10m]))", "{{reason}}"),),
    ),
)

INTAKE = Dashboard(
    name="intake",
    title="intake by gateway",
    description="What comes in through which gateway and from which devices, how late, and what of it is no good.",
    text=(
        "A gateway has a name here once its heartbeat was heard, and the first 50 have their own; later ones are "
        "`other`. What comes through no gateway, or through one without a heartbeat, as a phone, is `unknown`."
    ),
    figures=_FIGURES,
    sections=(
        Section("What comes", _READINGS),
        Section("What comes late", _LATE),
        Section("What is no good", _NO_GOOD),
    ),
)
