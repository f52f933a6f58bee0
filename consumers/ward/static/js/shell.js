// What stands around every view: header, notices, footer.

import { h } from "/static/js/dom.js";
import { t } from "/static/js/words.js";

/** Builds the shell in the page and returns where views go. */
export function buildShell() {
  const main = h("main", { id: "main", tabindex: "-1" });
  const footer = h("footer", { class: "footer" }, t("common.assists"));
  document.body.replaceChildren(h("header", { class: "header" }, t("common.name")), main, footer);
  return main;
}
