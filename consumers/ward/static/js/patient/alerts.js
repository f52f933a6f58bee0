// The alerts of a patient: those that stand with all that they say of themselves, then those that are over.

import { h } from "/static/js/dom.js";
import { clock, value } from "/static/js/format.js";
import { alertTitle, english, priorityMark, signName } from "/static/js/marks.js";
import { t } from "/static/js/words.js";

import { agoNode } from "./ages.js";
import { sentenceNodes } from "./alert_words.js";
import { stateWords } from "./state_words.js";
import { signValue } from "./values.js";

const ANSWERS = {
  pending: [],
  active: ["acknowledge", "snooze", "feedback"],
  acknowledged: ["endAcknowledgement", "feedback"],
  latched: ["acknowledge", "feedback"],
  closed: ["feedback"],
};
const FIRST = 12;

/** The alerts that stand, and how to answer each: `answer(kind, alert)` asks for it. */
export function openNodes(view, answer) {
  const standing = view.alerts.filter((alert) => alert.state !== "closed");
  if (standing.length === 0) return h("p", { class: "quiet" }, t("patient.alerts.none"));
  return h("ul", { class: "plain alerts" }, standing.map((alert) => card(alert, answer)));
}

/** The alerts that are over, the newest first; the rest unfolds. */
export function historyNodes(view, answer) {
  const over = view.alerts.filter((alert) => alert.state === "closed");
  const known = view.known_from === null ? t("patient.alerts.knownFromUnknown") : t(
    "patient.alerts.knownFrom",
    { time: clock(view.known_from) },
  );
  const rest = over.slice(FIRST);
  return [
    h("p", { class: "muted" }, known),
    over.length === 0 && h("p", null, t("patient.alerts.noneOver")),
    h("ul", { class: "plain history" }, over.slice(0, FIRST).map((alert) => folded(alert, answer))),
    rest.length > 0 &&
      h(
        "details",
        { dataset: { key: "older-alerts" } },
        h("summary", { dataset: { key: "older-alerts-summary" } }, t("patient.alerts.older", { n: rest.length })),
        h("ul", { class: "plain history" }, rest.map((alert) => folded(alert, answer))),
      ),
  ];
}

function card(alert, answer) {
  const isTold = alert.inhibited_by !== "episode" && alert.state !== "pending";
  return h(
    "li",
    { class: `alert-card alert-${alert.priority} alert-is-${alert.state}`, dataset: { alert: alert.alert_id } },
    heading(alert, "h3"),
    sentenceNodes(alert),
    isTold ? rest(alert, answer) : unfolding(alert, answer),
  );
}

/** What hangs on an episode that has been told, or is still pending, is there on demand. */
function unfolding(alert, answer) {
  const key = `more-${alert.alert_id}`;
  return h(
    "details",
    { dataset: { key } },
    h(
      "summary",
      { dataset: { key: `${key}-summary` } },
      t("patient.alerts.more"),
      h("span", { class: "visually-hidden" }, ` ${alertTitle(alert)}`),
    ),
    rest(alert, answer),
  );
}

function rest(alert, answer) {
  return [body(alert), buttons(alert, answer), steps(alert)];
}

function folded(alert, answer) {
  const key = `over-${alert.alert_id}`;
  return h(
    "li",
    { class: `alert-${alert.priority}` },
    h(
      "details",
      { dataset: { key } },
      h(
        "summary",
        { dataset: { key: `${key}-summary` } },
        priorityMark(alert.priority),
        " ",
        alertTitle(alert),
        " ",
        h("span", { class: "muted" }, lasted(alert)),
      ),
      sentenceNodes(alert),
      rest(alert, answer),
    ),
  );
}

function heading(alert, tag) {
  return h(
    tag,
    { class: "alert-heading" },
    priorityMark(alert.priority),
    " ",
    alertTitle(alert),
    h("span", { class: "alert-stands" }, stateWords(alert)),
    h("span", { class: "muted" }, t("patient.alerts.since", { time: clock(alert.since) }), " · ", agoNode(alert.since)),
  );
}

function lasted(alert) {
  return t("patient.alerts.lasted", { from: clock(alert.since), until: clock(alert.at) });
}

function body(alert) {
  const answered = alert.acknowledgement;
  const until = answered?.expires_at
    ? t("patient.alerts.ackUntil", { time: clock(answered.expires_at) })
    : t("patient.alerts.ackOpen");
  return [
    evidence(alert.explanation),
    alert.state !== "closed" && h(
      "p",
      null,
      h("b", null, t("patient.alerts.clearsWhen")),
      " ",
      english(alert.clears_when),
    ),
    answered && h(
      "p",
      { class: "alert-answered" },
      t("patient.alerts.acknowledged", { by: answered.by, time: clock(answered.at) }),
      " ",
      until,
      " ",
      answered.reason && h("q", null, answered.reason),
    ),
    alert.notified_at === null
      ? h("p", { class: "muted" }, t("patient.alerts.notNotified"))
      : h("p", { class: "muted" }, t("patient.alerts.notified", { time: clock(alert.notified_at) })),
    alert.feedback && h("p", null, t("patient.alerts.feedback", { said: t(`patient.usefulness.${alert.feedback}`) })),
    alert.device_id && h("p", { class: "muted" }, t("patient.alerts.device", { device: alert.device_id })),
    alert.policy && h("p", { class: "muted" }, t("patient.alerts.policy", { policy: alert.policy })),
  ];
}

function evidence(facts) {
  if (facts.length === 0) return null;
  return h(
    "ul",
    { class: "plain evidence", "aria-label": t("patient.alerts.evidence") },
    facts.map((each) => h("li", null, fact(each))),
  );
}

function fact(found) {
  const parts = [
    h("b", null, signName(found.code, found.title)),
    " ",
    h("span", { class: "number" }, signValue(found)),
  ];
  if (found.points !== null) parts.push(" · ", t("patient.alerts.points", { count: found.points, n: found.points }));
  for (const name of ["limit", "usual"]) {
    if (found[name] === null) continue;
    parts.push(" · ", t(`patient.alerts.${name}`, { [name]: value(found[name], found.unit ?? "") }));
  }
  if (found.at !== null) parts.push(" · ", agoNode(found.at));
  return parts;
}

function buttons(alert, answer) {
  const kinds = ANSWERS[alert.state].filter((kind) => kind !== "snooze" || alert.snoozed_until === null);
  if (alert.snoozed_until !== null && alert.state === "active") kinds.push("endSnooze");
  if (kinds.length === 0) return h("p", { class: "muted" }, t("patient.alerts.pending"));
  return h(
    "div",
    { class: "alert-buttons" },
    kinds.map((kind) =>
      h(
        "button",
        {
          type: "button",
          class: kind === "acknowledge" ? "button primary" : "button",
          "aria-label": t("patient.alerts.answerOf", { answer: label(kind, alert), what: alertTitle(alert) }),
          dataset: { key: `${kind}-${alert.alert_id}` },
          on: { click: () => answer(kind, alert) },
        },
        label(kind, alert),
      ),
    ),
  );
}

function label(kind, alert) {
  const isChange = kind === "feedback" && alert.feedback !== null;
  return t(`patient.answers.${kind}.${isChange ? "change" : "button"}`);
}

function steps(alert) {
  const key = `steps-${alert.alert_id}`;
  const head = ["at", "revision", "state", "priority", "notified", "why"].map(
    (each) => h("th", { scope: "col" }, t(`patient.steps.${each}`)),
  );
  const rows = alert.steps.toReversed().map((step) =>
    h(
      "tr",
      null,
      h("td", { class: "number" }, clock(step.at, { withSeconds: true })),
      h("td", { class: "number" }, step.revision),
      h("td", null, t(`common.state.${step.state}`), step.stale && ` (${t("patient.alerts.stale")})`),
      h("td", null, priorityMark(step.priority)),
      h("td", null, t(step.notify ? "common.yes" : "common.no")),
      h("td", null, english(step.reason)),
    ),
  );
  return h(
    "details",
    { class: "steps", dataset: { key } },
    h(
      "summary",
      { dataset: { key: `${key}-summary` } },
      t("patient.steps.title", { count: alert.steps.length, n: alert.steps.length }),
    ),
    h(
      "div",
      {
        class: "scroll",
        tabindex: "0",
        role: "group",
        "aria-label": t("patient.steps.title", { count: alert.steps.length, n: alert.steps.length }),
      },
      h("table", { class: "values" }, h("thead", null, h("tr", null, head)), h("tbody", null, rows)),
    ),
  );
}
