// Who this is, how this patient does by NEWS2, and whether anything is heard.

import { h } from "/static/js/dom.js";
import { clock, interval, number } from "/static/js/format.js";
import { levelMark, partName, SIGNAL_SHAPES } from "/static/js/marks.js";
import { has, t } from "/static/js/words.js";

import { agoNode } from "./ages.js";
import { signValue } from "./values.js";

/** The head of the view of one patient; `actions` are its buttons. */
export function headNodes(view, actions) {
  const { row } = view;
  return [
    h(
      "div",
      { class: "patient-who" },
      h("h1", null, row.patient_id),
      h("p", { class: "patient-place" }, placeWords(row)),
      row.origin !== "live" && h("p", { class: "patient-origin" }, t(`common.origin.${row.origin}`)),
      h("p", { class: "muted patient-about" }, aboutWords(view.about).join(" · ")),
    ),
    scoreNodes(row.score),
    signalNodes(row, view.monitored),
    h("div", { class: "patient-actions" }, actions),
  ];
}

/** Where a patient is; what is not known is said. */
export function placeWords(row) {
  const unknown = t("common.unknown");
  return t("common.place", { ward: row.ward ?? unknown, bed: row.bed ?? unknown });
}

/** What is known of a patient beside readings, as short phrases. */
export function aboutWords(about) {
  const said = (key, given, words = given) =>
    t(`patient.about.${key}`, { value: given === null ? t("common.unknown") : words });
  const oxygen = about.on_oxygen === null ? null : t(`patient.coded.${about.on_oxygen ? "oxygen" : "air"}`);
  const found = [
    said("age", about.age, about.age === null ? null : number(about.age, 0)),
    said("sex", about.sex, coded("patient.sex", about.sex)),
    said("oxygen", oxygen),
    said("consciousness", about.consciousness, about.consciousness && signValue({ value: about.consciousness })),
  ];
  if (about.pregnant) found.push(t("patient.about.pregnant"));
  if (about.spo2_scale === 2) found.push(t("patient.about.scale2"));
  if (about.setting) found.push(coded("patient.setting", about.setting));
  for (const key of ["conditions", "medication"]) {
    if (about[key].length > 0) found.push(said(key, about[key].join(", ")));
  }
  return found;
}

function coded(place, word) {
  return has(`${place}.${word}`) ? t(`${place}.${word}`) : word;
}

function scoreNodes(score) {
  const about = (...nodes) => h(
    "div",
    { class: "patient-score", "aria-label": t("patient.score.title"), role: "group" },
    nodes,
  );
  if (score === null) return about(h("p", { class: "missing" }, t("patient.score.none")));
  if (score.not_applicable) {
    const why = h("p", { lang: "en" }, score.not_applicable);
    return about(h("p", { class: "missing" }, t("patient.score.notApplicable")), why);
  }
  return about(
    h(
      "p",
      { class: "patient-news" },
      h("span", { class: "muted" }, "NEWS2 "),
      h("strong", { class: "number" }, interval(score.known, score.most)),
      " ",
      levelMark(score.level),
    ),
    h("p", null, scoreWords(score).join(" · ")),
    h("p", { class: "muted" }, t("patient.score.assessed"), " ", agoNode(score.at)),
  );
}

/** What is behind the number: how complete it is, what is missing or stale, and where it goes. */
export function scoreWords(score) {
  const names = (parts) => parts.map((part) => partName(part)).join(t("patient.sentence.comma"));
  const words = [];
  if (score.completeness) words.push(t("patient.score.completeness", { parts: score.completeness }));
  if (score.missing.length > 0) words.push(t("patient.score.missing", { parts: names(score.missing) }));
  if (score.stale.length > 0) words.push(t("patient.score.stale", { parts: names(score.stale) }));
  const assumed = score.assumed.map(assumption).join(", ");
  if (assumed) words.push(t("patient.score.assumed", { parts: assumed }));
  words.push(trendWords(score.trend));
  return words;
}

/** What is assumed is told in English; the one thing that is assumed today has words here. */
function assumption(said) {
  return said.startsWith("adult") ? t("patient.score.assumption") : said;
}

function trendWords(trend) {
  if (trend === null) return t("patient.score.trend.unknown");
  if (trend === 0) return t("patient.score.trend.same");
  return t(`patient.score.trend.${trend > 0 ? "up" : "down"}`, { points: Math.abs(trend) });
}

function signalNodes(row, monitored) {
  const { signal, pause } = row;
  return h(
    "div",
    { class: "patient-signal", role: "group", "aria-label": t("patient.signal.title") },
    !monitored && h("p", { class: "patient-ended" }, t("patient.ended")),
    h(
      "p",
      { class: `signal-${signal.state}` },
      h("span", { "aria-hidden": "true" }, `${SIGNAL_SHAPES[signal.state]} `),
      t(`patient.signal.${signal.state}`),
      signal.heard_at !== null && [" · ", t("patient.signal.heard"), " ", agoNode(signal.heard_at)],
    ),
    h("p", { class: "muted" }, t("patient.signal.devices", { count: signal.devices, n: signal.devices })),
    signal.refused.length > 0 && h("p", null, t("patient.signal.refused", { what: signal.refused.join(", ") })),
    pause && h("p", { class: "patient-pause" }, pauseWords(pause)),
  );
}

/** Until when a patient is paused, by whom and why. */
export function pauseWords(pause) {
  return `❚❚ ${t("patient.pause", { time: clock(pause.until), by: pause.by, reason: pause.reason })}`;
}
