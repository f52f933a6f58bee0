// In the demo: lets something happen to a simulated patient, and says to whom.

import { post, Problem } from "/static/js/api.js";
import { fill, h } from "/static/js/dom.js";
import { age } from "/static/js/format.js";
import { live } from "/static/js/live.js";
import { patientAddress } from "/static/js/router.js";
import { has, t } from "/static/js/words.js";

/** A bar to begin scenarios with; `update` when the ward was loaded anew. It shows nothing outside the demo. */
export function scenarioBar() {
  const what = h("select", { id: "scenario" });
  const who = h("select", { id: "scenario-patient" });
  const begin = h("button", { type: "submit", class: "button primary" }, t("ward.scenario.begin"));
  const said = h("p", { class: "scenario-said", role: "status" });
  const submit = (event) => {
    event.preventDefault();
    start(what.value, who.value || null, { begin, said });
  };
  who.addEventListener("pointerdown", () => offerPatients(who));
  who.addEventListener("focus", () => offerPatients(who));
  const form = h(
    "form",
    { class: "scenario-form", on: { submit } },
    labelled("ward.scenario.what", what),
    labelled("ward.scenario.who", who),
    begin,
    said,
  );
  const node = h("section", { class: "strip scenarios", "aria-label": t("ward.scenario.title") }, foldedOnPhone(form));
  const update = () => {
    const scenarios = live.ward?.scenarios ?? [];
    node.hidden = scenarios.length === 0;
    fill(what, scenarios.map((scenario) => h("option", { value: scenario.name }, scenarioTitle(scenario))));
    offerPatients(who);
  };
  update();
  return { node, update };
}

function labelled(key, select) {
  return h("label", { class: "tool", for: select.id }, h("span", { class: "tool-label" }, t(key)), select);
}

function foldedOnPhone(form) {
  if (matchMedia("(max-width: 759.999px)").matches) {
    return h("details", null, h("summary", null, t("ward.scenario.title")), form);
  }
  form.prepend(h("h2", { class: "strip-title" }, t("ward.scenario.title")));
  return form;
}

async function start(name, patientId, { begin, said }) {
  begin.disabled = true;
  fill(said, t("ward.scenario.starting"));
  try {
    const begun = await post("/scenarios", { name, patient_id: patientId });
    const link = h("a", { href: patientAddress(begun.patient_id) }, placeOf(begun.patient_id));
    fill(said, t("ward.scenario.begun", { title: titleOf(begun.name) }), " ", link, " ", expected(begun.name));
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    fill(said, h("strong", null, problem.message));
  } finally {
    begin.disabled = false;
  }
}

function offerPatients(select) {
  const chosen = select.value;
  const rows = live.rows().map((row) => ({ id: row.patient_id, place: placeOf(row.patient_id) }));
  rows.sort((a, b) => a.place.localeCompare(b.place, undefined, { numeric: true }));
  const options = rows.map(({ id, place }) => h("option", { value: id }, place));
  fill(select, h("option", { value: "" }, t("ward.scenario.next")), options);
  select.value = rows.some(({ id }) => id === chosen) ? chosen : "";
}

function placeOf(patientId) {
  const row = live.row(patientId);
  const place = [row?.ward, row?.bed].filter(Boolean).join(" · ");
  return place ? `${place} (${patientId})` : patientId;
}

/** When the first alert is promised, by the ward's own clock. */
function expected(name) {
  const within = live.ward.scenarios.find((scenario) => scenario.name === name)?.within ?? null;
  return within === null ? t("ward.scenario.noAlert") : t("ward.scenario.within", { time: age(within) });
}

function titleOf(name) {
  return scenarioTitle(live.ward.scenarios.find((scenario) => scenario.name === name) ?? { name, title: name });
}

function scenarioTitle({ name, title }) {
  const key = `ward.scenarios.${name}`;
  return has(key) ? t(key) : title;
}
