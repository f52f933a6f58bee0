// Puts new content in place of old without taking focus or unfolding away from who reads it.

import { fill } from "/static/js/dom.js";

/** A place that shows `build(input)` and builds it anew only where the input has changed. */
export function renewing(element, build) {
  let shown = null;
  return (input) => {
    const said = JSON.stringify(input ?? null);
    if (said === shown) return;
    shown = said;
    renew(element, build(input));
  };
}

/** Fills an element; whoever has the same `data-key` keeps focus, and stays unfolded. */
export function renew(element, ...children) {
  const focused = element.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  const unfolded = new Set([...element.querySelectorAll("details[data-key][open]")].map((each) => each.dataset.key));
  fill(element, ...children);
  for (const each of element.querySelectorAll("details[data-key]")) {
    if (unfolded.has(each.dataset.key)) each.open = true;
  }
  if (focused) element.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}
