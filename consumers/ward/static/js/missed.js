// Calls that came while nobody could see them: after a lost connection or behind another tab, until they are dismissed.

import { callChip } from "/static/js/call_words.js";
import { fill, h } from "/static/js/dom.js";
import { live } from "/static/js/live.js";
import { onLanguage, t } from "/static/js/words.js";

const MOST_KEPT = 200;

const title = h("h2", { id: "missed-title", class: "strip-title" });
const list = h("ol", { class: "plain calls-list" });
const dismiss = h("button", { type: "button", class: "button small" });
const props = { class: "strip missed", "aria-labelledby": "missed-title", hidden: true };
const node = h("section", props, title, list, dismiss);
let missed = [];

/** Watches for missed calls; returns where they are listed. */
export function startMissed() {
  live.on("calls", ({ fresh, missed: isMissed }) => {
    if (!isMissed) return;
    missed = [...missed, ...fresh].slice(-MOST_KEPT);
    show();
  });
  dismiss.addEventListener("click", () => {
    missed = [];
    show();
    document.querySelector("#main").focus({ preventScroll: true });
  });
  onLanguage(show);
  show();
  return node;
}

function show() {
  node.hidden = missed.length === 0;
  document.title = missed.length > 0 ? t("ward.missed.tab", { count: missed.length }) : t("common.name");
  fill(title, t("ward.missed.title", { count: missed.length }));
  fill(dismiss, t("ward.missed.dismiss"));
  fill(list, [...missed].reverse().map((call) => h("li", null, callChip(call))));
}
