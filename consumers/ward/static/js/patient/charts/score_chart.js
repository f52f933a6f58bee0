// The course of NEWS2: the interval from what is known to what it could be, and under it the points of each part.

import { clock, interval } from "/static/js/format.js";
import { partName, PARTS } from "/static/js/marks.js";
import { t } from "/static/js/words.js";
import uPlot from "/static/vendor/uplot/uPlot.esm.js";

import { held } from "./gaps.js";
import { painted } from "./painting.js";
import { colour, font } from "./palette.js";
import { plot } from "./plot.js";

const HEIGHT = 190;
const ROW_PIXELS = 20;
const HELD_SECONDS = 60 * 60;
const [MEDIUM_FROM, HIGH_FROM] = [5, 7];
const LEAST_TOP = 9;
const [KNOWN, MOST] = [1, 2];

/** The chart of the score; `show(score, marks, step)` puts a course into it. */
export function scoreChart(shared) {
  let columns = [[]];
  let marks = [];
  let score = { at: [], known: [], most: [] };
  const stepped = uPlot.paths.stepped({ align: 1 });
  const line = { paths: stepped, width: 1.75, stroke: () => colour("line"), points: { show: false } };
  const thresholds = () => [
    { at: MEDIUM_FROM, words: t("patient.charts.mediumFrom", { points: MEDIUM_FROM }), isAbove: true },
    { at: HIGH_FROM, words: t("patient.charts.highFrom", { points: HIGH_FROM }), isAbove: true },
  ];
  const chart = plot(shared, {
    title: t("patient.charts.score"),
    height: HEIGHT,
    series: [line, { ...line, width: 1, dash: [3, 3] }],
    bands: [{ series: [MOST, KNOWN], fill: () => colour("between") }],
    axis: { incrs: [1, 2, 5] },
    range: (_, __, most) => [0, Math.max(most ?? 0, LEAST_TOP) + 0.5],
    hooks: painted({ marks: () => marks, lines: thresholds, until: () => shared.bounds().until }),
    describe: (index) => (index === null ? told(score) : told(rowOf(columns, index))),
  });
  return {
    ...chart,
    show(given, marked, step) {
      score = given;
      columns = standing(score.at, [score.known, score.most], step, shared);
      marks = marked;
      chart.show(columns);
    },
  };
}

function rowOf(columns, index) {
  return { at: [columns[0][index]], known: [columns[KNOWN][index]], most: [columns[MOST][index]] };
}

/** The last of some rows in words. */
function told({ at, known, most }) {
  if (at.length === 0 || known.at(-1) === null) return t("patient.charts.noScore");
  return t("patient.charts.scoreRead", { score: interval(known.at(-1), most.at(-1)), time: clock(at.at(-1)) });
}

// --- Points by part --------------------------------------------------------------------------------------------------

/** The points of each part as rows of numbered fields; `show(score, step)` puts a course into it. */
export function partRows(shared) {
  let columns = [[]];
  const chart = plot(shared, {
    title: t("patient.charts.parts"),
    height: PARTS.length * ROW_PIXELS + 40,
    series: PARTS.map(() => ({ paths: () => null, points: { show: false } })),
    axis: {
      splits: () => PARTS.map((_, place) => PARTS.length - place - 0.5),
      values: () => PARTS.map((part) => partName(part, { short: true })),
      grid: { show: false },
    },
    range: () => [0, PARTS.length],
    hooks: { draw: [(drawn) => fields(drawn, columns)] },
    describe: (index) => pointsRead(columns, index),
  });
  return {
    ...chart,
    show(score, step) {
      const none = score.at.map(() => null);
      columns = standing(score.at, PARTS.map((part) => score.parts[part] ?? none), step, shared);
      chart.show(columns);
    },
  };
}

function fields(drawn, columns) {
  const context = drawn.ctx;
  const { left, width } = drawn.bbox;
  context.save();
  context.beginPath();
  context.rect(left, drawn.bbox.top, width, drawn.bbox.height);
  context.clip();
  PARTS.forEach((_, place) => {
    for (const run of runs(columns[0], columns[place + 1] ?? [])) field(drawn, context, place, run);
  });
  context.restore();
}

/** Stretches of the same points: [{from, until, points}]; what is not known is none. */
export function runs(at, points) {
  const found = [];
  at.forEach((time, index) => {
    const now = points[index];
    const last = found.at(-1);
    if (last && !last.isOver) last.until = time;
    if (last && !last.isOver && last.points === now) return;
    if (last) last.isOver = true;
    if (now !== null && now !== undefined) found.push({ from: time, until: time, points: now, isOver: false });
  });
  return found.map(({ from, until, points: each }) => ({ from, until, points: each }));
}

function field(drawn, context, place, run) {
  const from = drawn.valToPos(run.from, "x", true);
  const width = Math.max(drawn.valToPos(run.until, "x", true) - from, devicePixelRatio);
  const top = drawn.valToPos(PARTS.length - place, "y", true) + devicePixelRatio;
  const height = drawn.valToPos(PARTS.length - place - 1, "y", true) - top - devicePixelRatio;
  context.fillStyle = colour(`points-${run.points}`);
  context.fillRect(from, top, width, height);
  if (width < 12 * devicePixelRatio) return;
  context.font = font(11, devicePixelRatio);
  context.fillStyle = colour(`points-${run.points}-text`);
  context.textBaseline = "middle";
  context.textAlign = "left";
  context.fillText(String(run.points), Math.max(from, drawn.bbox.left) + 3 * devicePixelRatio, top + height / 2);
}

function pointsRead(columns, index) {
  const row = index ?? columns[0].length - 1;
  if (row < 0 || row >= columns[0].length) return t("patient.charts.nothing");
  const told = PARTS.map((part, place) => [part, columns[place + 1]?.[row]]).filter(([, points]) => points);
  if (told.length === 0) return t("patient.charts.noPoints", { time: clock(columns[0][row]) });
  return told.map(([part, points]) => `${partName(part)} ${points}`).join(" · ");
}

function standing(at, columns, step, shared) {
  return held(at, columns, Math.max(HELD_SECONDS, 3 * step), shared.bounds().until);
}

/** What the table of the score says, a row a span: {head, rows}. */
export function scoreTable(score) {
  const head = [t("patient.charts.table.at"), t("patient.charts.score"), ...PARTS.map((part) => partName(part))];
  const points = (part, index) => score.parts[part]?.[index] ?? t("patient.charts.table.unknown");
  const rows = score.at.map((at, index) => [
    clock(at, { withSeconds: true }),
    interval(score.known[index], score.most[index]),
    ...PARTS.map((part) => points(part, index)),
  ]);
  return { head, rows };
}
