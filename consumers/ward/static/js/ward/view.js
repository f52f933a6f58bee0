// The ward view: all patients, the most urgent first.

import { fill, h } from "/static/js/dom.js";
import { live } from "/static/js/live.js";
import { scenarioBar } from "/static/js/scenarios.js";
import { Calls } from "/static/js/ward/calls.js";
import { columnHeads } from "/static/js/ward/column_heads.js";
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
  if (live.ward !== null) return shown(container, wish);
  fill(container, h("h1", null, t("ward.title")), h("p", { class: "loading", role: "status" }, t("common.loading")));
  let close = () => {};
  const off = live.on("reset", () => {
    off();
    close = shown(container, wish);
  });
  return () => {
    off();
    close();
  };
}

function shown(container, wish) {
  const page = new WardPage(wish);
  fill(container, page.nodes());
  page.list.focus(left.patientId);
  return () => page.close();
}

/** All that stands in the ward view, and what keeps it up to date. */
class WardPage {
  #summary = new Summary();
  #calls = new Calls();
  #gateways = new Gateways();
  #scenarios = scenarioBar();
  #count = h("p", { class: "count", role: "status" });
  #empty = h("p", { class: "empty", hidden: true });
  #rankNow = h("button", { type: "button", class: "button small" }, t("ward.held.now"));
  #held = h("div", { class: "held", hidden: true }, h("span", null, t("ward.held.title")), this.#rankNow);
  #toolbar;
  #ends;

  constructor(wish) {
    this.list = new PatientList(wish, (order) => this.#sayOrder(order));
    this.#toolbar = new Toolbar(wish, (wanted) => {
      keep(wanted);
      this.list.wish(wanted);
    });
    this.#toolbar.node.append(this.#count);
    this.#rankNow.addEventListener("click", () => this.list.rankNow());
    this.list.node.addEventListener("click", remember);
    this.#ends = this.#follow();
    this.#sayRows();
  }

  nodes() {
    const heading = h("h1", { class: "ward-title" }, t("ward.title"));
    const table = { role: "table", class: "patients", "aria-label": t("ward.table") };
    return [
      h("div", { class: "ward-head" }, heading, this.#summary.node),
      this.#gateways.node,
      this.#calls.node,
      this.#scenarios.node,
      this.#toolbar.node,
      h("div", table, columnHeads(), this.list.node),
      this.#empty,
      this.#held,
    ];
  }

  close() {
    this.#ends.forEach((end) => end());
    this.list.close();
  }

  #follow() {
    return [
      live.on("rows", (changed) => {
        this.list.take(changed);
        this.#sayRows();
      }),
      live.on("reset", () => this.#takeAll()),
      live.on("calls", () => this.#calls.update()),
      live.on("gateways", () => this.#gateways.update()),
      live.on("state", () => this.#gateways.tick()),
      listenToKeys({ list: this.list, toolbar: this.#toolbar }),
    ];
  }

  #takeAll() {
    this.list.takeAll();
    this.#calls.update();
    this.#gateways.update();
    this.#scenarios.update();
    this.#sayRows();
  }

  #sayRows() {
    const rows = live.rows();
    this.#summary.update(rows);
    this.#toolbar.offer(rows);
  }

  #sayOrder({ shown: count, isHeldBack }) {
    const all = live.rows().length;
    sayCount(this.#count, count, all);
    this.#empty.hidden = count > 0;
    this.#empty.textContent = t(all === 0 ? "ward.empty.ward" : "ward.empty.filter");
    this.#held.hidden = !isHeldBack;
  }
}

function keep(wish) {
  left.query = queryOf(wish).toString();
  history.replaceState(history.state, "", left.query ? `#/?${left.query}` : "#/");
}

function remember(event) {
  left.patientId = event.target.closest("[data-patient]")?.dataset.patient ?? left.patientId;
}
