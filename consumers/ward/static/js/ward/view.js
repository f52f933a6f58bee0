// The ward view.

import { h } from "/static/js/dom.js";
import { t } from "/static/js/words.js";

export function show(container) {
  container.append(h("h1", null, t("ward.title")));
  return () => {};
}
