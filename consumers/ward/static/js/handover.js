// Shows the handover summary (SBAR) of a patient, for a person to check, print or copy.

import { fill, h } from "/static/js/dom.js";
import { t } from "/static/js/words.js";

import { compose, plainText } from "./handover_summary.js";

const SHOWN_MS = 4_000;

/** Shows the summary in a dialog, to print or copy. */
export function showHandover(view, now) {
  const summary = compose(view, now);
  const said = h("span", { class: "handover-said", role: "status" });
  const button = (words, run, kind = "button") => h(
    "button",
    { type: "button", class: kind, on: { click: run } },
    words,
  );
  const dialog = h(
    "dialog",
    { class: "dialog handover", "aria-labelledby": "handover-title" },
    nodes(summary),
    h(
      "div",
      { class: "dialog-buttons" },
      said,
      button(t("patient.handover.copy"), () => copy(plainText(summary), said)),
      button(t("patient.handover.print"), () => window.print(), "button primary"),
      button(t("common.close"), () => dialog.close()),
    ),
  );
  const opener = document.activeElement;
  document.documentElement.classList.add("shows-handover");
  dialog.addEventListener("close", () => {
    document.documentElement.classList.remove("shows-handover");
    dialog.remove();
    if (opener?.isConnected) opener.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
}

function nodes({ title, asOf, notes, sections, assists }) {
  const section = ({ heading, lines }) => [
    h("h3", null, heading),
    h("ul", null, lines.map((line) => h("li", null, line))),
  ];
  return [
    h("h2", { id: "handover-title" }, title),
    h("p", null, h("strong", null, asOf)),
    notes.map((note) => h("p", { class: "patient-origin" }, note)),
    sections.map(section),
    h("p", { class: "handover-assists" }, assists),
  ];
}

async function copy(text, said) {
  const isCopied = await written(text);
  fill(said, t(isCopied ? "patient.handover.copied" : "patient.handover.notCopied"));
  setTimeout(() => fill(said), SHOWN_MS);
}

async function written(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return selected(text);
  }
}

/** The older way, for pages that are not served securely. */
function selected(text) {
  const area = h("textarea", { class: "visually-hidden", "aria-hidden": "true" });
  area.value = text;
  (document.querySelector("dialog.handover") ?? document.body).append(area);
  area.select();
  const isCopied = document.execCommand("copy");
  area.remove();
  return isCopied;
}
