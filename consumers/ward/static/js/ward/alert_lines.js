// The open alerts of a row, the most urgent first: what, in which state, since when, why.

import { h } from "/static/js/dom.js";
import { clock } from "/static/js/format.js";
import { alertTitle, english, priorityMark } from "/static/js/marks.js";
import { t } from "/static/js/words.js";

const MOST_SHOWN = 3;

/** What tells two lists of alerts apart as far as a row shows them. */
export function fingerprint(alerts) {
  return JSON.stringify(alerts.map((each) => [each.alert_id, each.revision, each.stale, each.snoozed_until]));
}

/** The lines of open alerts; `ages` keeps how long each has stood. */
export function alertLines(alerts, ages) {
  const lines = alerts.slice(0, MOST_SHOWN).map((alert) => line(alert, ages));
  const rest = alerts.length - lines.length;
  if (rest > 0) lines.push(h("li", { class: "alert-rest" }, t("ward.alerts.more", { count: rest })));
  return h("ul", { class: "plain alert-lines" }, lines);
}

function line(alert, ages) {
  const age = h("span", { class: "alert-since number" });
  ages.set(age, alert.since, (said) => t("ward.alerts.for", { age: said }));
  return h(
    "li",
    { class: alert.notified_at === null ? "alert-line is-evidence" : "alert-line" },
    h(
      "div",
      { class: "alert-head" },
      priorityMark(alert.priority),
      " ",
      alert.notified_at === null && h("span", { class: "visually-hidden" }, t("ward.alerts.evidence")),
      h("span", { class: "alert-title" }, alertTitle(alert)),
      " ",
      h("span", { class: `alert-standing alert-${alert.state}` }, t(`common.state.${alert.state}`)),
      " ",
      age,
      asides(alert).map((aside) => [" ", h("span", { class: "alert-aside" }, aside)]),
    ),
    english(alert.reason, { class: "alert-reason", title: alert.reason }),
  );
}

function asides(alert) {
  const said = [];
  if (alert.snoozed_until !== null) said.push(t("ward.alerts.snoozed", { until: clock(alert.snoozed_until) }));
  if (alert.stale) said.push(t("ward.alerts.stale"));
  return said;
}
