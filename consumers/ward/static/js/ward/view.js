// The ward view: all patients, the most urgent first.

import { fill, h } from "/static/js/dom.js";
import { live } from "/static/js/live.js";
import { PARTS, partName } from "/static/js/marks.js";
import { scenarioBar } from "/static/js/scenarios.js";
import { Calls } from "/static/js/ward/calls.js";
import { Gateways } from "/static/js/ward/gateways.js";
import { listenToKeys } from "/static/js/ward/keys.js";
import { PatientList } from "/static/js/ward/list.js";
import { queryOf, wishOf } from "/static/js/ward/order.js";
import { Summary } from "/static/js/ward/summary.js";
import { sayCount, Toolbar } from "/static/js/ward/toolbar.js";
import { t } from "/static/js/words.js";

/** What the reader last looked at: coming back from a patient, the ward is as it was left. */
const left = { query: "", patientId: null };

/** Shows the ward in `container`; returns what takes it away. */
export function show(container, { query }) {
  const wish = wishOf(query.size > 0 ? query : new URLSearchParams(left.query));
  keep(wish);
  const heading = h("h1", { class: "ward-title" }, t("ward.title"));
  if (live.ward !== null) return showWard(container, heading, wish);
  fill(container, heading, h("p", { class: "loading", role: "status" }, t("common.loading")));
  let close = () => {};
  const off = live.on("reset", () => {
    off();
    fill(container);
    close = showWard(container, heading, wish);
  });
  return () => {
    off();
    close();
  };
}

function showWard(container, heading, wish) {
  const count = h("p", { class: "count", role: "status" });
  const summary = new Summary();
  const calls = new Calls();
  const gateways = new Gateways();
  const rankNow = h("button", { type: "button", class: "button small" }, t("ward.held.now"));
  const held = h("div", { class: "held", hidden: true }, h("span", null, t("ward.held.title")), rankNow);
  const empty = h("p", { class: "empty", hidden: true });
  const list = new PatientList(wish, (order) => sayOrder(order));
  const toolbar = new Toolbar(wish, (wanted) => {
    keep(wanted);
    list.wish(wanted);
  });
  toolbar.node.append(count);
  rankNow.addEventListener("click", () => list.rankNow());

  function sayOrder({ shown, isHeldBack }) {
    const all = live.rows().length;
    sayCount(count, shown, all);
    empty.hidden = shown > 0;
    empty.textContent = t(all === 0 ? "ward.empty.ward" : "ward.empty.filter");
    held.hidden = !isHeldBack;
  }

  function update() {
    const rows = live.rows();
    summary.update(rows);
    toolbar.offer(rows);
  }

  update();
  const scenarios = scenarioBar();
  fill(
    container,
    h("div", { class: "ward-head" }, heading, summary.node),
    gateways.node,
    calls.node,
    scenarios.node,
    toolbar.node,
    h("div", { role: "table", class: "patients", "aria-label": t("ward.table") }, columnHeads(), list.node),
    empty,
    held,
  );
  list.focus(left.patientId);
  const ends = [
    live.on("rows", (changed) => {
      list.take(changed);
      update();
    }),
    live.on("reset", () => {
      list.takeAll();
      update();
      calls.update();
      gateways.update();
      scenarios.update();
    }),
    live.on("calls", () => calls.update()),
    live.on("gateways", () => gateways.update()),
    live.on("state", () => gateways.tick()),
    listenToKeys({ list, toolbar }),
    () => list.close(),
  ];
  list.node.addEventListener("click", remember);
  return () => ends.forEach((end) => end());
}

function columnHeads() {
  const plain = (name) => h("div", { role: "columnheader", class: name }, t(`ward.columns.${name}`));
  const parts = PARTS.map((part) => {
    const short = h("span", { "aria-hidden": "true" }, partName(part, { short: true }));
    const full = h("span", { class: "visually-hidden" }, partName(part));
    return h("div", { role: "columnheader", class: "part", title: partName(part) }, short, full);
  });
  const heads = [plain("patient"), plain("score"), plain("trend"), ...parts, plain("signs"), plain("alerts"), plain("signal")];
  return h("div", { role: "rowgroup", class: "heads" }, h("div", { role: "row", class: "row head" }, heads));
}

function keep(wish) {
  left.query = queryOf(wish).toString();
  history.replaceState(history.state, "", left.query ? `#/?${left.query}` : "#/");
}

function remember(event) {
  left.patientId = event.target.closest("[data-patient]")?.dataset.patient ?? left.patientId;
}
