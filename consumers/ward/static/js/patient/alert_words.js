// What an alert says, in the reader's language: in English its own sentence, else one made of its codes and numbers.

import { h } from "/static/js/dom.js";
import { clock, value } from "/static/js/format.js";
import { alertTitle, english, priorityMark, signName } from "/static/js/marks.js";
import { language, t } from "/static/js/words.js";

import { stateWords } from "./state_words.js";
import { signValue } from "./values.js";

const COMPOSED = {
  news2: (alert) => {
    const scoring = alert.explanation.filter((each) => each.points);
    if (scoring.length === 0) return null;
    const points = scoring.reduce((sum, each) => sum + each.points, 0);
    return t("patient.sentence.news2", { points, parts: scoring.map(scored).join(t("patient.sentence.comma")) });
  },
  limit: (alert) => {
    const found = evidence(alert);
    if (found === null || found.limit === null || typeof found.value !== "number") return null;
    const isOutside = alert.direction === "low" ? found.value < found.limit : found.value > found.limit;
    return t(`patient.sentence.limit.${isOutside ? alert.direction : "inside"}`, {
      sign: signName(found.code, found.title),
      value: value(found.value, found.unit),
      limit: value(found.limit, found.unit),
    });
  },
  zero: (alert) => {
    const found = evidence(alert);
    const key = found?.value ? "again" : "zero";
    const sign = signName(alert.code, alert.title);
    return t(`patient.sentence.zero.${key}`, { sign, value: found ? value(found.value, found.unit) : "" });
  },
  "no-data": (alert) =>
    t("patient.sentence.noData", {
      device: alert.device_id ?? "?",
      signs: alert.explanation.map((each) => signName(each.code, each.title)).join(t("patient.sentence.comma")),
    }),
  anomaly: (alert) => {
    const found = evidence(alert);
    if (found === null || found.usual === null) return null;
    return t(`patient.sentence.anomaly.${alert.direction === "low" ? "low" : "high"}`, {
      sign: signName(found.code, found.title),
      value: value(found.value, found.unit),
      usual: value(found.usual, found.unit),
    });
  },
};

function scored(found) {
  const said = { sign: signName(found.code, found.title), value: signValue(found), points: found.points };
  return t("patient.sentence.scored", said);
}

function evidence(alert) {
  return alert.explanation.find((each) => each.code === alert.code) ?? alert.explanation[0] ?? null;
}

/** What an alert says, as text, and whether that is its own English sentence. A closed one says why it is over. */
export function sentence(alert) {
  const composed = language() === "en" || alert.state === "closed" ? null : (COMPOSED[alert.kind]?.(alert) ?? null);
  return { text: composed ?? alert.reason, isOwn: composed === null };
}

/** What an alert says, as nodes: where it is composed, its own English sentence stands below. */
export function sentenceNodes(alert) {
  const { text, isOwn } = sentence(alert);
  if (isOwn) return [h("p", { class: "alert-sentence" }, english(text))];
  return [h("p", { class: "alert-sentence" }, text), h("p", { class: "alert-original" }, english(alert.reason))];
}

/** An alert in short, as it stands: for dialogs. */
export function summary(alert) {
  return h(
    "div",
    { class: "alert-summary" },
    h("p", null, priorityMark(alert.priority), " ", h("strong", null, alertTitle(alert)), " ", stateWords(alert)),
    sentenceNodes(alert),
    h(
      "p",
      { class: "muted" },
      t("patient.alerts.asOf", { revision: alert.revision, time: clock(alert.at, { withSeconds: true }) }),
    ),
  );
}
