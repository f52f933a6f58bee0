// The course of a sign whose values are words, as steps on named rows: consciousness.

import { clock } from "/static/js/format.js";
import { signName } from "/static/js/marks.js";
import { t } from "/static/js/words.js";
import uPlot from "/static/vendor/uplot/uPlot.esm.js";

import { signValue } from "../values.js";
import { held } from "./gaps.js";
import { colour } from "./palette.js";
import { plot } from "./plot.js";

const HEIGHT = 150;
const HELD_SECONDS = 12 * 60 * 60;
const ROWS = ["A", "C", "V", "P", "U"];

/** The chart of a sign in words; `show(line, step)` puts a course into it. */
export function wordChart(shared, code, title) {
  let columns = [[]];
  let rows = ROWS;
  let newest = [];
  const points = { size: 6, fill: () => colour("line"), stroke: () => colour("line") };
  const chart = plot(shared, {
    title: signName(code, title),
    height: HEIGHT,
    series: [{ paths: uPlot.paths.stepped({ align: 1 }), stroke: () => colour("line"), width: 1.75, points }],
    axis: { splits: () => rows.map((_, place) => place), values: () => rows.toReversed() },
    range: () => [-0.5, rows.length - 0.5],
    describe: (index) => {
      const [at, text] = index === null ? newest : [columns[0][index], rows.at(-1 - columns[1][index])];
      if (text === undefined || columns[1][index] === null) return t("patient.charts.nothing");
      return t("patient.charts.read", { value: signValue({ value: text }), time: clock(at) });
    },
  });
  return {
    ...chart,
    show(line, step) {
      rows = [...ROWS, ...new Set(line.texts.filter((text) => !ROWS.includes(text)))];
      const places = line.texts.map((text) => rows.length - 1 - rows.indexOf(text));
      newest = [line.at.at(-1), line.texts.at(-1)];
      columns = held(line.at, [places], Math.max(HELD_SECONDS, step), shared.bounds().until);
      chart.show(columns);
    },
  };
}

/** What its table says: {head, rows}. */
export function wordTable(line) {
  const head = ["at", "newest"].map((key) => t(`patient.charts.table.${key}`, { unit: "" }));
  return {
    head,
    rows: line.at.map((at, index) => [clock(at, { withSeconds: true }), signValue({ value: line.texts[index] })]),
  };
}
