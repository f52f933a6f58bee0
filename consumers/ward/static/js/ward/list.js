// The list of patients: rows kept by patient, filled when they come near the screen, and moved only when they may be.

import { h, mark } from "/static/js/dom.js";
import { whenIdle } from "/static/js/idle.js";
import { live } from "/static/js/live.js";
import { Hold } from "/static/js/ward/hold.js";
import { arranged } from "/static/js/ward/order.js";
import { RowView } from "/static/js/ward/row.js";
import { t } from "/static/js/words.js";

const NEAR = "600px 0px";
const FILL_SLICE_MS = 8;
const REFRESH_FAR_MS = 5_000;
const RANK_EVERY_MS = 3_000;

export class PatientList {
  #wish;
  #told;
  #entries = new Map();
  #byNode = new WeakMap();
  #shown = [];
  #rankedAt = -Infinity;
  #urgent = new Map();
  #frame = null;
  #idle = null;
  #observer = new IntersectionObserver((seen) => this.#see(seen), { rootMargin: NEAR });
  #hold;
  #timers;

  /** Shows what `wish` asks for in `node`; `told({shown, isHeldBack})` whenever it was ranked. */
  constructor(wish, told) {
    this.#wish = wish;
    this.#told = told;
    this.node = h("div", { role: "rowgroup", class: "rows" });
    this.node.addEventListener("click", (event) => this.#click(event));
    this.#hold = new Hold(this.node, () => this.#arrange());
    this.#timers = [setInterval(() => this.#tick(), 1_000), setInterval(() => this.#fillFar(), REFRESH_FAR_MS)];
    this.#arrange({ isForced: true });
  }

  /** Takes changed rows: what is near the screen is shown at once, the order follows when it may. */
  take(changed) {
    let isUrgent = false;
    for (const id of changed) {
      const entry = this.#entries.get(id);
      const urgency = live.row(id)?.urgency[0];
      if (entry === undefined || urgency === undefined || urgency > (this.#urgent.get(id) ?? -1)) isUrgent = true;
      if (urgency !== undefined) this.#urgent.set(id, urgency);
      if (entry !== undefined) entry.isDirty = true;
    }
    this.#frame ??= requestAnimationFrame(() => this.#showNear());
    if (isUrgent || performance.now() - this.#rankedAt > RANK_EVERY_MS) this.#arrange();
  }

  /** All may have changed. */
  takeAll() {
    this.take(new Set([...this.#entries.keys(), ...live.rows().map((row) => row.patient_id)]));
    this.#arrange();
  }

  /** Shows what another wish asks for, held or not: the reader asked. */
  wish(wish) {
    this.#wish = wish;
    this.#arrange({ isForced: true });
  }

  /** Ranks anew although the order is held. */
  rankNow() {
    this.#hold.release();
  }

  /** Focuses the row `steps` below the one in focus, or the first; whether there is one. */
  move(steps) {
    const from = this.#shown.indexOf(document.activeElement?.closest("[data-patient]")?.dataset.patient);
    const to = from < 0 ? 0 : Math.min(Math.max(from + steps, 0), this.#shown.length - 1);
    return this.focus(this.#shown[to]);
  }

  /** Focuses a patient's row; whether it is there. */
  focus(patientId) {
    const entry = this.#entries.get(patientId);
    if (entry === undefined || !entry.node.isConnected) return false;
    this.#show(entry);
    entry.view.link.focus();
    entry.node.scrollIntoView({ block: "nearest" });
    return true;
  }

  /** Forgets all. */
  close() {
    this.#timers.forEach(clearInterval);
    this.#hold.close();
    this.#observer.disconnect();
    cancelAnimationFrame(this.#frame);
    this.#idle?.();
  }

  // --- Order --------------------------------------------------------------------------------------------------------

  #arrange({ isForced = false } = {}) {
    this.#rankedAt = performance.now();
    const wanted = arranged(live.rows(), this.#wish);
    const isHeld = !isForced && this.#hold.isHeld();
    if (!isHeld) this.#place(wanted);
    else this.#place(this.#heldOrder(wanted));
    this.#told({ shown: wanted.length, isHeldBack: isHeld && wanted.some((id, i) => this.#shown[i] !== id) });
  }

  #heldOrder(wanted) {
    const standing = new Set(this.#shown);
    return [...this.#shown, ...wanted.filter((id) => !standing.has(id))];
  }

  #place(ids) {
    const focused = this.node.contains(document.activeElement) ? document.activeElement : null;
    let cursor = this.node.firstElementChild;
    for (const id of ids) {
      const { node } = this.#entry(id);
      if (node === cursor) cursor = cursor.nextElementSibling;
      else this.node.insertBefore(node, cursor);
    }
    while (cursor !== null) {
      const next = cursor.nextElementSibling;
      cursor.remove();
      cursor = next;
    }
    this.#shown = ids;
    for (const [id, entry] of this.#entries) if (live.row(id) === undefined) this.#leave(id, entry);
    if (focused?.isConnected && focused !== document.activeElement) focused.focus({ preventScroll: true });
  }

  #entry(id) {
    let entry = this.#entries.get(id);
    if (entry === undefined) {
      const node = h("div", { class: "row", dataset: { patient: id } });
      entry = { id, node, view: null, isNear: false, isDirty: true };
      this.#entries.set(id, entry);
      this.#byNode.set(node, entry);
      this.#observer.observe(node);
    }
    return entry;
  }

  #leave(id, entry) {
    mark(entry.node, "data-gone", t("ward.row.gone"));
    if (entry.node.isConnected) return;
    this.#observer.unobserve(entry.node);
    this.#entries.delete(id);
    this.#urgent.delete(id);
  }

  // --- What rows show -----------------------------------------------------------------------------------------------

  #see(seen) {
    for (const { target, isIntersecting } of seen) {
      const entry = this.#byNode.get(target);
      entry.isNear = isIntersecting;
      if (isIntersecting) this.#show(entry);
    }
    this.#fillFarSoon();
  }

  #show(entry) {
    const row = live.row(entry.id);
    if (row === undefined) return;
    mark(entry.node, "data-gone", false);
    entry.view ??= new RowView(entry.node, entry.id);
    if (entry.isDirty) entry.view.update(row);
    else entry.view.tick();
    entry.isDirty = false;
  }

  #showNear() {
    this.#frame = null;
    for (const entry of this.#entries.values()) if (entry.isNear && entry.isDirty) this.#show(entry);
  }

  #fillFarSoon() {
    if ([...this.#entries.values()].some((entry) => entry.view === null)) this.#fillFar();
  }

  #fillFar() {
    this.#idle ??= whenIdle((deadline) => {
      this.#idle = null;
      const until = performance.now() + Math.min(deadline.timeRemaining(), FILL_SLICE_MS);
      for (const entry of this.#entries.values()) {
        if (performance.now() > until) return this.#fillFar();
        if (entry.isDirty && entry.node.isConnected) this.#show(entry);
      }
      return undefined;
    });
  }

  #tick() {
    if (live.isHeld()) return;
    for (const entry of this.#entries.values()) if (entry.isNear && entry.view !== null) entry.view.tick();
    if (performance.now() - this.#rankedAt > RANK_EVERY_MS) this.#arrange();
  }

  #click(event) {
    if (event.defaultPrevented || event.target.closest("a, button") || String(getSelection())) return;
    const id = event.target.closest("[data-patient]")?.dataset.patient;
    this.#entries.get(id)?.view?.link.click();
  }
}
