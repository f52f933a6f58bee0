// Says for some seconds what was done, with a way to take it back; it waits while somebody points at it.

import { fill, h } from "/static/js/dom.js";
import { t } from "/static/js/words.js";

const SHOWN_MS = 12_000;

let place = null;
let timer = null;

/** Says `text`; with `undo`, offers it as a button of these words: {words, run}. */
export function toast(text, undo = null) {
  const said = region();
  const button = undo && h(
    "button",
    { type: "button", class: "button small", on: { click: () => run(undo) } },
    undo.words,
  );
  const close = h("button", { type: "button", class: "button small", on: { click: clear } }, t("common.close"));
  fill(said, h("div", { class: "toast" }, h("span", null, text), button, close));
  wait();
}

function run(undo) {
  clear();
  undo.run();
}

function clear() {
  clearTimeout(timer);
  fill(region());
}

function wait() {
  clearTimeout(timer);
  timer = setTimeout(clear, SHOWN_MS);
}

function region() {
  if (place?.isConnected) return place;
  place = h("div", { class: "toasts", role: "status" });
  for (const name of ["pointerenter", "focusin"]) place.addEventListener(name, () => clearTimeout(timer));
  for (const name of ["pointerleave", "focusout"]) place.addEventListener(name, wait);
  document.body.append(place);
  return place;
}
