// The newest calls, the newest first.

import { callChip } from "/static/js/call_words.js";
import { fill, h } from "/static/js/dom.js";
import { live } from "/static/js/live.js";
import { t } from "/static/js/words.js";

const MOST_SHOWN = 12;

/** The strip of calls above the list. */
export class Calls {
  #list = h("ol", { class: "plain calls-list" });

  constructor() {
    const heading = h("h2", { class: "strip-title", id: "calls-title" }, t("ward.calls.title"));
    this.node = h("section", { class: "strip calls", "aria-labelledby": "calls-title" }, heading, this.#list);
    this.update();
  }

  /** Shows what was called last. */
  update() {
    const newest = live.calls().slice(-MOST_SHOWN).reverse();
    const lines = newest.map((call) => h("li", null, callChip(call)));
    fill(this.#list, lines.length > 0 ? lines : h("li", { class: "muted" }, t("ward.calls.none")));
  }
}
