// Ages that go on by themselves while event time is told.

import { h, say } from "/static/js/dom.js";
import { clock, since } from "/static/js/format.js";
import { t } from "/static/js/words.js";

/** How long ago something was, with the time of day for who points at it. */
export function agoNode(at) {
  if (at === null || at === undefined) return h("span", { class: "missing" }, t("common.unknown"));
  return h("time", { class: "ago number", title: clock(at), datetime: iso(at), dataset: { since: at } }, since(at));
}

/** Brings all ages below `container` up to now. */
export function goOn(container) {
  for (const node of container.querySelectorAll("[data-since]")) say(node, since(Number(node.dataset.since)));
}

function iso(at) {
  return new Date(at * 1000).toISOString();
}
