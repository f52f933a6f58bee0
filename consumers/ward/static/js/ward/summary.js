// The ward in one line: how many patients, and of how many each priority is open.

import { fill, h } from "/static/js/dom.js";
import { number } from "/static/js/format.js";
import { PRIORITIES, priorityMark, UNHEARD } from "/static/js/marks.js";
import { mostUrgent } from "/static/js/ward/order.js";
import { t } from "/static/js/words.js";

/** What the whole ward comes to, whatever the filter shows. */
export class Summary {
  #said = "";

  constructor() {
    this.node = h("ul", { class: "plain summary", "aria-label": t("ward.summary.title") });
  }

  /** Counts these rows. */
  update(rows) {
    const counts = counted(rows);
    const said = JSON.stringify(counts);
    if (said === this.#said) return;
    this.#said = said;
    fill(this.node, PRIORITIES.map((priority) => tile(priorityMark(priority), counts[priority])), others(counts));
  }
}

function counted(rows) {
  const counts = { high: 0, medium: 0, low: 0, silent: 0, paused: 0 };
  for (const row of rows) {
    const urgent = mostUrgent(row);
    if (urgent !== null) counts[urgent] += 1;
    if (UNHEARD.includes(row.signal.state)) counts.silent += 1;
    if (row.pause !== null) counts.paused += 1;
  }
  return counts;
}

function tile(label, count) {
  const figure = h("strong", { class: "number" }, number(count));
  return h("li", { class: count === 0 ? "tile is-zero" : "tile" }, label, " ", figure);
}

function others(counts) {
  const some = ["silent", "paused"].filter((name) => counts[name] > 0);
  return some.map((name) => tile(t(`ward.summary.${name}`), counts[name]));
}
