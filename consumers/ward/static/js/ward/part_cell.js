// One part of NEWS2 in a row: its value, its points, its age; stale and missing are said in words.

import { h, mark, say } from "/static/js/dom.js";
import { number } from "/static/js/format.js";
import { partName } from "/static/js/marks.js";
import { has, t } from "/static/js/words.js";

/** A cell that shows one part, and is told of each change. */
export class PartCell {
  #part;
  #value = h("span", { class: "part-value" });
  #points = h("span", { class: "part-points" });
  #age = h("span", { class: "part-age" });

  constructor(part) {
    this.#part = part;
    const label = h("span", { class: "part-label", "aria-hidden": "true" }, partName(part, { short: true }));
    this.node = h("div", { role: "cell", class: "part" }, label, this.#value, " ", this.#points, " ", this.#age);
  }

  /** Shows what is known of the part; undefined where the score does not apply. */
  update(told, ages, spo2Scale) {
    const state = told?.state ?? "none";
    mark(this.node, "class", `part part-${state} points-${told?.points ?? 0}`);
    say(this.#value, told === undefined ? "–" : this.#said(told));
    const isScaleTwo = this.#part === "oxygen_saturation" && spo2Scale === 2;
    say(this.#points, [pointsSaid(told), isScaleTwo && t("ward.values.scaleTwo")].filter(Boolean).join(" "));
    if (told === undefined || told.at === null) return ages.clear(this.#age);
    return ages.set(this.#age, told.at, told.state === "stale" ? (age) => t("common.stale", { age }) : undefined);
  }

  #said({ value, state }) {
    if (value === null || state === "missing") return t("common.missing");
    if (typeof value === "number") return this.#part === "temperature" ? value.toFixed(1) : number(value);
    const key = `ward.values.${value}`;
    return has(key) ? t(key) : value;
  }
}

function pointsSaid(told) {
  if (told === undefined || told.state !== "fresh") return "";
  if (told.points === null) return "+?";
  return told.points > 0 ? `+${told.points}` : "";
}
