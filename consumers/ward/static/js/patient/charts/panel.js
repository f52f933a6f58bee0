// All charts of a patient on one time axis: which stretch they show, and how they keep up while time goes on.

import { get, Problem } from "/static/js/api.js";
import { fill, h } from "/static/js/dom.js";
import { clock } from "/static/js/format.js";
import { live } from "/static/js/live.js";
import { t } from "/static/js/words.js";

import { chartSet } from "./chart_set.js";
import { onTheme } from "./palette.js";
import { between, bounds, moved, newest, RANGES, zoomed } from "./timeline.js";

const REFETCH_MS = 5_000;
const SPANS = 480;
const HALF = 0.5;
const FIRST_SECONDS = 2 * 60 * 60;

let remembered = newest(FIRST_SECONDS);
let panels = 0;

const KEYS = {
  "+": (stretch, now) => zoomed(stretch, HALF, now),
  "=": (stretch, now) => zoomed(stretch, HALF, now),
  "-": (stretch, now) => zoomed(stretch, 2, now),
  ArrowLeft: (stretch, now) => moved(stretch, -HALF, now),
  ArrowRight: (stretch, now) => moved(stretch, HALF, now),
  0: (stretch) => newest(stretch.seconds),
};
const BUTTONS = [
  ["earlier", "ArrowLeft", "◀"],
  ["later", "ArrowRight", "▶"],
  ["in", "+", "+"],
  ["out", "-", "−"],
  ["now", "0", "⇥"],
];

/** The charts in `container`; `limits()` are those in force. Returns {changed(), shown(), close()}. */
export function chartPanel(container, patientId, limits) {
  let stretch = remembered;
  let course = null;
  let before = null;
  let asked = 0;
  let waiting = null;
  let lastAsked = -Infinity;

  const now = () => live.now() ?? Date.now() / 1000;
  const shared = {
    key: `patient-${(panels += 1)}`,
    bounds: () => (course === null ? bounds(stretch, now()) : { from: course.since, until: course.until }),
    pick: (from, until) => choose(between(from, until, now()), { isStep: true }),
    back: () => before && choose(before),
  };
  const set = chartSet(shared);
  const said = h("p", { class: "chart-range", role: "status" });
  const trouble = h("p", { class: "chart-trouble", role: "status" });
  const ranges = RANGES.map(({ name, seconds }) => rangeButton(name, () => choose(newest(seconds))));
  const steps = BUTTONS.map(([name, key, sign]) => stepButton(name, sign, () => press(key)));
  const bar = h("div", { class: "chart-bar" }, group("ranges", ranges), group("steps", steps), said);
  fill(container, bar, h("p", { class: "muted chart-hint" }, t("patient.charts.hint")), trouble, set.node);
  container.addEventListener("keydown", onKey);
  const offs = [onTheme(() => set.redraw()), visible(look)];
  choose(stretch);

  function choose(wanted, { isStep = false } = {}) {
    before = isStep ? (before ?? stretch) : null;
    stretch = remembered = wanted;
    RANGES.forEach(({ seconds }, place) => {
      ranges[place].setAttribute("aria-pressed", String(wanted.until === null && wanted.seconds === seconds));
    });
    load();
  }

  function press(key) {
    choose(KEYS[key](stretch, now()));
  }

  function onKey(event) {
    const isWriting = event.target.closest("input, textarea, select, table, .scroll");
    if (isWriting || event.ctrlKey || event.metaKey || event.altKey || !(event.key in KEYS)) return;
    event.preventDefault();
    press(event.key);
  }

  async function load() {
    clearTimeout(waiting);
    waiting = null;
    lastAsked = performance.now();
    const mine = (asked += 1);
    const { from, until } = bounds(stretch, now());
    try {
      const found = await get(
        `/patients/${encodeURIComponent(patientId)}/course?from=${from}&until=${until}&spans=${SPANS}`,
      );
      if (mine !== asked) return;
      course = found;
      fill(trouble);
      draw();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (mine === asked) fill(trouble, t("patient.charts.trouble", { why: problem.message }));
    }
  }

  function draw() {
    set.show(course, limits());
    fill(said, rangeWords(course));
  }

  function look() {
    if (waiting !== null || document.hidden || stretch.until !== null) return;
    const wait = Math.max(0, REFETCH_MS - (performance.now() - lastAsked));
    waiting = setTimeout(load, wait);
  }

  return {
    /** Something of this patient has changed: the charts follow within seconds, while they show now and are seen. */
    changed: look,
    /** Draws again, as after limits have changed. */
    shown: () => course && draw(),
    close() {
      asked += 1;
      clearTimeout(waiting);
      container.removeEventListener("keydown", onKey);
      offs.forEach((off) => off());
      set.close();
    },
  };
}

function visible(listener) {
  document.addEventListener("visibilitychange", listener);
  return () => document.removeEventListener("visibilitychange", listener);
}

function rangeButton(name, onClick) {
  return h(
    "button",
    { type: "button", class: "button small", dataset: { key: `range-${name}` }, on: { click: onClick } },
    t(`patient.charts.range.${name}`),
  );
}

function stepButton(name, sign, onClick) {
  const words = t(`patient.charts.step.${name}`);
  return h(
    "button",
    { type: "button", class: "button small", "aria-label": words, title: words, on: { click: onClick } },
    sign,
  );
}

function group(name, buttons) {
  return h("div", { class: "chart-buttons", role: "group", "aria-label": t(`patient.charts.${name}`) }, buttons);
}

function rangeWords(course) {
  const shown = t("patient.charts.shown", { from: clock(course.since), until: clock(course.until) });
  const oldest = course.oldest === null ? t("patient.charts.oldestUnknown") : t(
    "patient.charts.oldest",
    { time: clock(course.oldest) },
  );
  return `${shown} ${oldest}`;
}
