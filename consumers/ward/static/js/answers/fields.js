// The fields that answers have in common.

import { t } from "/static/js/words.js";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const LONGEST_NAME = 256;
const LONGEST_REASON = 2_000;

/** Who answers. */
export function by() {
  return { name: "by", label: t("patient.answers.by"), required: true, most: LONGEST_NAME };
}

/** Why; `required` where it is asked for. */
export function reason({ required = false } = {}) {
  const most = required ? LONGEST_NAME : LONGEST_REASON;
  return { name: "reason", label: t("patient.answers.reason"), type: "textarea", required, most };
}

/** For how long, by `name`, from these choices in seconds; "" is without an end. */
export function lasting(label, seconds, chosen) {
  const options = seconds.map(
    (each) => ({ value: String(each), label: each === "" ? t("patient.answers.untilCleared") : span(each) }),
  );
  return { name: "for_seconds", label, type: "select", options, value: String(chosen), required: chosen !== "" };
}

/** So many seconds as people say them: "30 min", "2 h". */
export function span(seconds) {
  if (seconds < HOUR) return t("patient.answers.minutes", { n: seconds / MINUTE });
  return t("patient.answers.hours", { n: seconds / HOUR });
}

/** How long an acknowledgement, a snooze and a pause can be asked to last. */
export const CHOICES = {
  acknowledge: ["", 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR],
  snooze: [10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR],
  pause: [10 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR],
};

/** The body of an answer: what was left empty is not sent, and a length is a number. */
export function body(values) {
  const given = Object.entries(values).filter(([, value]) => value !== "");
  return Object.fromEntries(given.map(([name, value]) => [name, name === "for_seconds" ? Number(value) : value]));
}
