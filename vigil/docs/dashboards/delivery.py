"""What the dashboard of service health shows of the deliverers: does what is told reach somebody?"""

from vigil.docs.dashboards.panel import Chart, Query

DELIVERY = (
    Chart(
        title="Alerts that reached nobody yet, by priority",
        says="Open, unanswered alerts that a route takes and no receiver has taken.",
        queries=(Query("sum by (priority) (vigil_undelivered_alerts)", "{{priority}}"),),
    ),
    Chart(
        title="From the notification to the first receiver that took it",
        says="Of the last hour, from its arrival in Kafka.",
        queries=(
            Query("histogram_quantile(0.5, sum by (le) (rate(vigil_delivery_seconds_bucket[1h]))) >= 0", "median"),
            Query("histogram_quantile(0.95, sum by (le) (rate(vigil_delivery_seconds_bucket[1h]))) >= 0", "95 %"),
        ),
        unit="s",
    ),
    Chart(
        title="Messages of the last hour, by receiver",
        says="Delivered, refused for good by the receiver, or not needed any more when their turn came.",
        queries=(
            Query("sum by (receiver, result) (increase(vigil_deliveries_total[1h]))", "{{receiver}}, {{result}}"),
        ),
    ),
    Chart(
        title="Tries that failed, by receiver",
        says="Of the last hour: how many, and how many for each message that came to its end there.",
        queries=(
            Query("sum by (receiver) (increase(vigil_delivery_failed_tries_total[1h]))", "{{receiver}}"),
            Query("receiver:vigil_delivery_failed_tries:per_message_rate1h", "{{receiver}}, for each message"),
        ),
        unit="short",
    ),
    Chart(
        title="Signs of life of the last hour",
        says="Sent to the watchdog; failed; withheld, because something is wrong here. The watchdog calls for both.",
        queries=(Query("sum by (result) (increase(vigil_delivery_heartbeats_total[1h]))", "{{result}}"),),
    ),
    Chart(
        title="Notifications without a route, and reports, of the last hour",
        says="No route takes them, by origin. Reports say on the log that nobody, or at last somebody, was reached.",
        queries=(
            Query("sum by (origin) (increase(vigil_delivery_unrouted_total[1h]))", "no route, {{origin}}"),
            Query("sum by (result) (increase(vigil_delivery_reports_total[1h]))", "report, {{result}}"),
        ),
    ),
)
