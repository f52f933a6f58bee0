// Search, filters and the order of the ward view.

import { fill, h, mark, say } from "/static/js/dom.js";
import { PRIORITIES } from "/static/js/marks.js";
import { isNarrow, SORTS, widened } from "/static/js/ward/order.js";
import { t } from "/static/js/words.js";

/** The bar above the list; `changed(wish)` after each change. */
export class Toolbar {
  #wish;
  #changed;
  #wards = "";
  #search;
  #ward;
  #priority;
  #alerts;
  #silent;
  #sort;
  #clear;

  constructor(wish, changed) {
    this.#wish = wish;
    this.#changed = changed;
    this.#search = searchField((q) => this.#take({ q }));
    this.#ward = choice([], (ward) => this.#take({ ward }));
    this.#priority = choice(priorityOptions(), (priority) => this.#take({ priority }));
    this.#sort = choice(sortOptions(), (sort) => this.#take({ sort }));
    this.#alerts = button(t("ward.filter.alerts"), () => this.#take({ alerts: !this.#wish.alerts }));
    this.#silent = button(t("ward.filter.silent"), () => this.#take({ silent: !this.#wish.silent }));
    this.#clear = button(t("ward.filter.clear"), () => this.#take(widened(this.#wish)));
    this.node = h(
      "div",
      { class: "toolbar", role: "search", "aria-label": t("ward.filter.title") },
      labelled(t("ward.search.label"), this.#search),
      labelled(t("ward.filter.ward"), this.#ward),
      labelled(t("ward.filter.priority"), this.#priority),
      labelled(t("ward.sort.label"), this.#sort),
      h("div", { class: "toggles" }, this.#alerts, this.#silent, this.#clear),
    );
    this.#show();
  }

  /** Puts the cursor in the search field. */
  search() {
    this.#search.focus();
    this.#search.select();
  }

  /** Offers these wards. */
  offer(rows) {
    const wards = [...new Set(rows.map((row) => row.ward).filter((ward) => ward !== null))];
    wards.sort((a, b) => a.localeCompare(b, undefined, { numeric: true }));
    if (wards.join("\n") === this.#wards && this.#ward.options.length > 0) return;
    this.#wards = wards.join("\n");
    const offered = this.#wish.ward && !wards.includes(this.#wish.ward) ? [...wards, this.#wish.ward] : wards;
    const named = offered.map((ward) => ({ value: ward, label: ward }));
    fill(this.#ward, [{ value: "", label: t("ward.filter.all-wards") }, ...named].map(option));
    this.#ward.value = this.#wish.ward;
  }

  #take(part) {
    this.#wish = { ...this.#wish, ...part };
    this.#show();
    this.#changed(this.#wish);
  }

  #show() {
    const wish = this.#wish;
    if (this.#search.value !== wish.q) this.#search.value = wish.q;
    this.#ward.value = wish.ward;
    this.#priority.value = wish.priority;
    this.#sort.value = wish.sort;
    mark(this.#alerts, "aria-pressed", String(wish.alerts));
    mark(this.#silent, "aria-pressed", String(wish.silent));
    this.#clear.hidden = !isNarrow(wish);
  }
}

/** How many of how many patients are shown. */
export function sayCount(node, shown, all) {
  say(node, shown === all ? t("ward.count.all", { count: all }) : t("ward.count.some", { shown, count: all }));
}

function priorityOptions() {
  const named = PRIORITIES.map((priority) => ({ value: priority, label: t(`ward.filter.at-least.${priority}`) }));
  return [{ value: "", label: t("ward.filter.any-priority") }, ...named];
}

function sortOptions() {
  return SORTS.map((sort) => ({ value: sort, label: t(`ward.sort.${sort}`) }));
}

function choice(options, picked) {
  const select = h("select", { on: { change: () => picked(select.value) } }, options.map(option));
  return select;
}

function option({ value, label }) {
  return h("option", { value }, label);
}

function button(label, pressed) {
  return h("button", { type: "button", class: "button", on: { click: pressed } }, label);
}

function searchField(typed) {
  const placeholder = t("ward.search.hint");
  const field = h("input", { type: "search", id: "search", placeholder, autocomplete: "off" });
  field.addEventListener("input", () => typed(field.value));
  return field;
}

function labelled(label, control) {
  return h("label", { class: "tool" }, h("span", { class: "tool-label" }, label), control);
}
