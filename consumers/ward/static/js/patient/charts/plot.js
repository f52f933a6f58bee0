// What every chart has in common: one time axis and cursor for all, dragging to zoom, a title that tells what is read.

import { fill, h } from "/static/js/dom.js";
import { locale } from "/static/js/words.js";
import uPlot from "/static/vendor/uplot/uPlot.esm.js";

import { colour, font } from "./palette.js";

const SHARED = ["mousemove", "mouseleave"];
const AXIS_WIDTH = 54;
const LEAST_DRAG_PIXELS = 6;
const DAY = 24 * 60 * 60;
const LEAST_WIDTH = 200;

/**
 * A chart of columns whose first is time. `shared` is what the charts have in common: `bounds()`, `pick(from, until)`
 * and `back()`. `chart` is {title, height, series, bands, axis, range, hooks, describe(index)}: `describe` says in
 * nodes or text what is read at that row, or with null the newest. Returns {node, show(columns), redraw(), close()}.
 */
export function plot(shared, chart) {
  const told = h("span", { class: "chart-told" });
  const canvas = h("div", { class: "chart-canvas" });
  const heading = h("h3", { class: "chart-title" }, chart.title);
  const node = h("figure", { class: "chart" }, h("figcaption", null, heading, " ", told), canvas);
  const drawn = new uPlot(options(shared, chart, told), [[]], canvas);
  drawn.root.setAttribute("aria-hidden", "true");
  const watcher = new ResizeObserver(() => fit(drawn, canvas, chart.height));
  watcher.observe(canvas);
  canvas.addEventListener("dblclick", shared.back);
  return {
    node,
    show(columns) {
      drawn.setData(columns);
      fill(told, chart.describe(null));
    },
    redraw: () => drawn.redraw(false),
    close() {
      watcher.disconnect();
      drawn.destroy();
    },
  };
}

function options(shared, chart, told) {
  return {
    width: LEAST_WIDTH,
    height: chart.height,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      points: { show: false },
      drag: { x: true, y: false, setScale: false, dist: LEAST_DRAG_PIXELS },
      bind: { dblclick: () => null },
      sync: { key: shared.key, setSeries: false, filters: { pub: isShared, sub: isShared } },
    },
    scales: { x: { time: true, range: () => Object.values(shared.bounds()) }, y: { range: chart.range } },
    axes: [timeAxis(), { ...valueAxis(), ...chart.axis }],
    series: [{}, ...chart.series],
    bands: chart.bands ?? [],
    hooks: {
      ...chart.hooks,
      setCursor: [(drawn) => fill(told, chart.describe(drawn.cursor.left >= 0 ? drawn.cursor.idx : null))],
      setSelect: [(drawn) => picked(drawn, shared)],
    },
  };
}

function isShared(type) {
  return SHARED.includes(type);
}

function picked(drawn, shared) {
  const { left, width } = drawn.select;
  if (width < LEAST_DRAG_PIXELS) return;
  drawn.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  shared.pick(drawn.posToVal(left, "x"), drawn.posToVal(left + width, "x"));
}

function fit(drawn, canvas, height) {
  const width = Math.max(Math.floor(canvas.clientWidth), LEAST_WIDTH);
  if (width !== drawn.width) drawn.setSize({ width, height });
}

// --- Axes ------------------------------------------------------------------------------------------------------------

function timeAxis() {
  return {
    ...look(),
    size: 26,
    space: 64,
    values: (_, splits, __, ___, step) => splits.map((at) => timeWords(at, step)),
  };
}

function valueAxis() {
  return { ...look(), size: AXIS_WIDTH, space: 26 };
}

function look() {
  const grid = { stroke: () => colour("grid"), width: 1 };
  return { stroke: () => colour("text"), font: font(12), grid, ticks: { ...grid, size: 4 } };
}

function timeWords(at, step) {
  const moment = new Date(at * 1000);
  const isMidnight = moment.getHours() === 0 && moment.getMinutes() === 0 && moment.getSeconds() === 0;
  if (step >= DAY || isMidnight) return said({ day: "numeric", month: "short" }, moment);
  const seconds = step < 60 ? { second: "2-digit" } : {};
  return said({ hour: "2-digit", minute: "2-digit", ...seconds, hourCycle: "h23" }, moment);
}

const formatters = new Map();

function said(form, moment) {
  const key = `${locale()} ${JSON.stringify(form)}`;
  if (!formatters.has(key)) formatters.set(key, new Intl.DateTimeFormat(locale(), form));
  return formatters.get(key).format(moment);
}
