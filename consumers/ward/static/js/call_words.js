// A call in words: how urgent, where, what, when.

import { h } from "/static/js/dom.js";
import { clock } from "/static/js/format.js";
import { alertTitle, priorityMark } from "/static/js/marks.js";
import { patientAddress } from "/static/js/router.js";
import { t } from "/static/js/words.js";

/** Where a call comes from: ward and bed, else who it is. */
export function callPlace(call) {
  if (call.patient_id === null) return t("ward.gateways.one", { name: call.gateway_id });
  return [call.ward, call.bed].filter((part) => part !== null).join(" · ") || call.patient_id;
}

/** A call as a chip that leads to its patient. */
export function callChip(call) {
  const inside = [
    priorityMark(call.alert.priority),
    " ",
    h("span", { class: "call-place" }, callPlace(call)),
    " ",
    h("span", { class: "call-title" }, alertTitle(call.alert)),
    " ",
    h("time", { class: "call-time number", datetime: new Date(call.at * 1000).toISOString() }, clock(call.at)),
  ];
  if (call.patient_id === null) return h("span", { class: "call" }, inside);
  return h("a", { class: "call", href: patientAddress(call.patient_id) }, inside);
}

/** A call as one sentence to be read out. */
export function callSentence(call) {
  const priority = t(`common.priority.${call.alert.priority}`);
  return t("ward.calls.said", { priority, place: callPlace(call), title: alertTitle(call.alert) });
}
