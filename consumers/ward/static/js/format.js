// Numbers and times as a reader wants them.

import { live } from "/static/js/live.js";
import { locale, t } from "/static/js/words.js";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long, in short: "40s", "12m", "2h", "3d"; what is a moment ahead is "0s", null is not known. */
export function age(seconds) {
  if (seconds === null || seconds === undefined || Number.isNaN(seconds)) return t("common.unknown");
  const passed = Math.max(0, seconds);
  if (passed < MINUTE) return t("common.age.seconds", { n: Math.floor(passed) });
  if (passed < HOUR) return t("common.age.minutes", { n: Math.floor(passed / MINUTE) });
  if (passed < 2 * DAY) return t("common.age.hours", { n: Math.floor(passed / HOUR) });
  return t("common.age.days", { n: Math.floor(passed / DAY) });
}

/** How long ago `at` was by event time, as `age`. */
export function since(at) {
  const now = live.now();
  return age(at === null || at === undefined || now === null ? null : now - at);
}

/** The local time of day of `at`, in seconds since 1970, with the date when that is not today by event time. */
export function clock(at, { withSeconds = false } = {}) {
  if (at === null || at === undefined) return t("common.unknown");
  const moment = new Date(at * 1000);
  const isToday = day(moment) === day(new Date((live.now() ?? Date.now() / 1000) * 1000));
  const date = isToday ? {} : { day: "numeric", month: "short" };
  if (!isToday && moment.getFullYear() !== new Date().getFullYear()) date.year = "numeric";
  const seconds = withSeconds ? { second: "2-digit" } : {};
  const form = { ...date, hour: "2-digit", minute: "2-digit", ...seconds, hourCycle: "h23" };
  return formatter("time", form).format(moment);
}

/** A score as the interval that it is: "5–8", or one number where nothing is unknown. */
export function interval(known, most) {
  if (known === null || known === undefined) return "–";
  return known === most || most === null || most === undefined ? String(known) : `${known}–${most}`;
}

/** A value with its unit as people write it; null is said in words. */
export function value(v, unit = "") {
  if (v === null || v === undefined) return t("common.missing");
  const said = typeof v === "number" ? number(v) : String(v);
  const told = unitWords(unit);
  return told ? `${said} ${told}` : said;
}

/** A number with no more than two places. */
export function number(v, most = 2) {
  return formatter("number", { maximumFractionDigits: most }).format(v);
}

/** A UCUM unit as people write it. */
export function unitWords(unit) {
  return UNITS[unit] ?? unit ?? "";
}

const UNITS = {
  "/min": "/min",
  Cel: "°C",
  "mm[Hg]": "mmHg",
  "%": "%",
  "mg/dL": "mg/dL",
  "L/min": "L/min",
  "{score}": "",
  "{steps}": "",
  "1": "",
  h: "h",
  ms: "ms",
};

const formatters = new Map();

function formatter(kind, form) {
  const key = `${kind} ${locale()} ${JSON.stringify(form)}`;
  if (!formatters.has(key)) {
    const Kind = kind === "time" ? Intl.DateTimeFormat : Intl.NumberFormat;
    formatters.set(key, new Kind(locale(), form));
  }
  return formatters.get(key);
}

function day(moment) {
  return `${moment.getFullYear()}-${moment.getMonth()}-${moment.getDate()}`;
}
