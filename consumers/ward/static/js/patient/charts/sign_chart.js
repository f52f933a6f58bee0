// The course of one sign: its values, between which they lay, the patient's own usual, and the limits in force.

import { clock, number, unitWords, value } from "/static/js/format.js";
import { signName } from "/static/js/marks.js";
import { t } from "/static/js/words.js";
import uPlot from "/static/vendor/uplot/uPlot.esm.js";

import { longest, parted } from "./gaps.js";
import { painted } from "./painting.js";
import { colour } from "./palette.js";
import { plot } from "./plot.js";

const HEIGHT = 168;
const SPREADS = 2;
const LEAST_HEIGHT = { "mm[Hg]": 20, Cel: 1, "%": 4 };
const PER_SPAN = ["93832-4", "41950-7", "55423-8"];
const [LEAST, MOST, NEWEST, USUAL_LOW, USUAL_HIGH] = [1, 2, 3, 4, 5];

/** The chart of a sign; `show(line, limits, marks, step)` puts a course into it. */
export function signChart(shared, code, title, unit) {
  let columns = [[]];
  let limits = null;
  let marks = [];
  const chart = plot(shared, {
    title: signName(code, title),
    height: HEIGHT,
    series: PER_SPAN.includes(code) ? barSeries() : lineSeries(),
    bands: bands(),
    range: (_, least, most) => range(least, most, limits, unit),
    hooks: painted({ marks: () => marks, lines: () => limitLines(limits, unit), until: () => shared.bounds().until }),
    describe: (index) => described(columns, index, unit, limits),
  });
  return {
    ...chart,
    show(line, given, marked, step) {
      columns = columnsOf(line, step);
      limits = given;
      marks = marked;
      chart.show(columns);
    },
  };
}

function columnsOf(line, step) {
  const edge = (side) => line.usual.map((_, index) => edgeOfUsual(line, index, side));
  return parted(line.at, [line.least, line.most, line.newest, edge(-1), edge(1)], longest(line.at, step));
}

/** The edge of what is usual on one side, -1 below or 1 above, within what the unit can be; null while not known. */
function edgeOfUsual({ usual, spread, unit }, index, side) {
  if (usual[index] === null) return null;
  const edge = usual[index] + side * SPREADS * (spread[index] ?? 0);
  return Math.max(0, unit === "%" ? Math.min(100, edge) : edge);
}

// --- How it looks ----------------------------------------------------------------------------------------------------

function lineSeries() {
  const hidden = { width: 0, points: { show: false }, stroke: () => "transparent" };
  const points = { size: 5, fill: () => colour("line"), stroke: () => colour("line") };
  return [hidden, hidden, { stroke: () => colour("line"), width: 1.75, points }, hidden, hidden];
}

function barSeries() {
  const hidden = { show: false };
  const bars = uPlot.paths.bars({ size: [0.7, 24] });
  const shown = { stroke: () => colour("line"), fill: () => colour("line"), paths: bars, points: { show: false } };
  return [hidden, hidden, shown, hidden, hidden];
}

function bands() {
  return [
    { series: [MOST, LEAST], fill: () => colour("between") },
    { series: [USUAL_HIGH, USUAL_LOW], fill: () => colour("usual") },
  ];
}

function range(least, most, limits, unit) {
  const bounds = [least, most, limits?.low, limits?.high].filter((each) => each !== null && each !== undefined);
  if (bounds.length === 0) return [0, 1];
  const [low, high] = [Math.min(...bounds), Math.max(...bounds)];
  const margin = Math.max((high - low) * 0.12, (LEAST_HEIGHT[unit] ?? 1) / 2);
  const top = unit === "%" ? Math.min(high + margin, Math.max(high, 101)) : high + margin;
  return [low >= 0 ? Math.max(low - margin, 0) : low - margin, top];
}

function limitLines(limits, unit) {
  const told = (side) => ({
    at: limits[side],
    isAbove: side === "low",
    words: t(`patient.charts.limit.${side}`, { value: value(limits[side], unit) }),
  });
  return ["low", "high"].filter((side) => limits?.[side] !== null && limits?.[side] !== undefined).map(told);
}

// --- What it says ----------------------------------------------------------------------------------------------------

function described(columns, index, unit, limits) {
  const row = index ?? newestRow(columns);
  const found = row === null ? null : columns[NEWEST]?.[row];
  if (found === null || found === undefined) return t("patient.charts.nothing");
  const read = (place) => columns[place][row];
  const parts = [t("patient.charts.read", { value: value(found, unit), time: clock(read(0)) })];
  if (read(LEAST) !== read(MOST)) {
    parts.push(t("patient.charts.between", { least: number(read(LEAST)), most: number(read(MOST)) }));
  }
  if (read(USUAL_LOW) !== null) {
    parts.push(t("patient.charts.usual", { least: number(read(USUAL_LOW), 1), most: number(read(USUAL_HIGH), 1) }));
  }
  if (index === null) parts.push(...limitLines(limits, unit).map((line) => line.words));
  return parts.join(" · ");
}

function newestRow(columns) {
  const row = columns[0].length - 1;
  return row < 0 ? null : row;
}

/** What the table of a sign says, a row a span: {head, rows}. */
export function signTable(line) {
  const unit = unitWords(line.unit);
  const head = ["at", "newest", "least", "most", "usualBand"].map((key) => t(`patient.charts.table.${key}`, { unit }));
  const band = (index) => {
    if (line.usual[index] === null) return t("patient.charts.table.unknown");
    return `${number(edgeOfUsual(line, index, -1), 1)}–${number(edgeOfUsual(line, index, 1), 1)}`;
  };
  const rows = line.at.map((at, index) => [
    clock(at, { withSeconds: true }),
    ...[line.newest, line.least, line.most].map((values) => number(values[index])),
    band(index),
  ]);
  return { head, rows };
}
