// Words and shapes for what is coded: levels, priorities, signs, alerts. A colour never says anything alone.

import { h } from "/static/js/dom.js";
import { has, language, t } from "/static/js/words.js";

export const PRIORITIES = ["high", "medium", "low"];
export const PARTS = [
  "respiratory_rate",
  "oxygen_saturation",
  "supplemental_oxygen",
  "systolic_blood_pressure",
  "heart_rate",
  "consciousness",
  "temperature",
];

/** By the state of a signal, and the states in which nothing of now is heard. */
export const SIGNAL_SHAPES = { good: "●", poor: "◐", stale: "◌", silent: "✕", none: "–" };
export const UNHEARD = ["stale", "silent", "none"];

const PRIORITY_SHAPES = { high: "▲", medium: "◆", low: "●" };
const PRIORITY_SIGNS = { high: "!!!", medium: "!!", low: "!" };
const LEVEL_SHAPES = { high: "▲", medium: "◆", "low-medium": "◇", low: "○" };

/** A priority as shape, sign and word. */
export function priorityMark(priority) {
  const shape = `${PRIORITY_SHAPES[priority]} ${PRIORITY_SIGNS[priority]}`;
  const word = h("span", { class: "priority-word" }, t(`common.priority.${priority}`));
  return h("span", { class: `priority priority-${priority}` }, h("span", { "aria-hidden": "true" }, shape), " ", word);
}

/** A level of NEWS2 as shape and word; null is said too. */
export function levelMark(level) {
  const shape = LEVEL_SHAPES[level] ?? "?";
  return h(
    "span",
    { class: `level level-${level ?? "none"}` },
    h("span", { "aria-hidden": "true" }, shape),
    " ",
    t(`common.level.${level ?? "none"}`),
  );
}

/** What a sign is called: by its code in the reader's language, else by the title that the server gave. */
export function signName(code, title = null) {
  const key = `common.signs.${code}`;
  return has(key) ? t(key) : (title ?? code ?? "");
}

/** What a part of NEWS2 is called, in full or short. */
export function partName(part, { short = false } = {}) {
  return t(`common.parts.${part}.${short ? "short" : "full"}`);
}

/** The unit of a part of NEWS2, as UCUM has it. */
export function partUnit(part) {
  return PART_UNITS[part] ?? "";
}

const PART_UNITS = {
  respiratory_rate: "/min",
  oxygen_saturation: "%",
  systolic_blood_pressure: "mm[Hg]",
  heart_rate: "/min",
  temperature: "Cel",
};

/** What an alert is about, from its codes; `title` of the server where its kind has no words here. */
export function alertTitle(alert) {
  const key = `common.alert.${alert.kind}`;
  if (!has(key)) return alert.title;
  if (alert.kind !== "limit" && alert.kind !== "zero") return t(key);
  const sign = signName(alert.code, alert.title);
  if (alert.kind === "zero") return t(key, { sign });
  return t(`common.alert.limit.${alert.direction ?? "either"}`, { sign });
}

/** One of the few fixed phrases of records ("not for this age") in the reader's language. */
export function sentence(phrase) {
  const key = `common.phrases.${phrase}`;
  return has(key) ? t(key) : phrase;
}

/** An English sentence of a record, marked as English where the reader reads another language. */
export function english(text, props = {}) {
  return h("span", { ...props, lang: language() === "en" ? null : "en" }, text);
}
