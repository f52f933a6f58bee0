// The heads of the columns of the ward view.

import { h } from "/static/js/dom.js";
import { PARTS, partName } from "/static/js/marks.js";
import { t } from "/static/js/words.js";

/** The row of heads, in the order of a row's cells. */
export function columnHeads() {
  const before = ["patient", "score", "trend"].map(head);
  const after = ["signs", "alerts", "signal"].map(head);
  const row = h("div", { role: "row", class: "row head" }, before, PARTS.map(partHead), after);
  return h("div", { role: "rowgroup", class: "heads" }, row);
}

function head(name) {
  return h("div", { role: "columnheader", class: `cell-${name}` }, t(`ward.columns.${name}`));
}

function partHead(part) {
  const short = h("span", { "aria-hidden": "true" }, partName(part, { short: true }));
  const full = h("span", { class: "visually-hidden" }, partName(part));
  return h("div", { role: "columnheader", class: "part", title: partName(part) }, short, full);
}
