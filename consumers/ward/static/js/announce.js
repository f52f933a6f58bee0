// Reads new calls out to who cannot see them: urgent ones at once, the others when there is a pause.

import { callSentence } from "/static/js/call_words.js";
import { h } from "/static/js/dom.js";
import { live } from "/static/js/live.js";
import { PRIORITIES } from "/static/js/marks.js";
import { t } from "/static/js/words.js";

const MOST_SAID = 3;

const polite = h("div", { class: "visually-hidden", "aria-live": "polite", "data-testid": "announced-politely" });
const assertive = h("div", { class: "visually-hidden", "aria-live": "assertive", "data-testid": "announced-at-once" });

/** Announces calls from now on; returns the regions to be put in the page. */
export function startAnnouncing() {
  live.on("calls", ({ fresh }) => {
    announce(assertive, fresh.filter((call) => call.alert.priority === "high"));
    announce(polite, fresh.filter((call) => call.alert.priority !== "high"));
  });
  return [polite, assertive];
}

function announce(region, calls) {
  if (calls.length === 0) return;
  const rank = (call) => PRIORITIES.indexOf(call.alert.priority);
  const urgentFirst = [...calls].sort((a, b) => rank(a) - rank(b));
  const said = urgentFirst.slice(0, MOST_SAID).map(callSentence);
  const rest = calls.length - said.length;
  if (rest > 0) said.push(t("ward.calls.rest", { count: rest }));
  region.replaceChildren(h("p", null, said.join(" ")));
}
