// The course of a learned risk, which is in the shadow and raises no alert.

import { clock } from "/static/js/format.js";
import { t } from "/static/js/words.js";

import { longest, parted } from "./gaps.js";
import { colour } from "./palette.js";
import { plot } from "./plot.js";

const HEIGHT = 150;
const LEAST_TOP = 20;

/** The chart of one risk that looks `hours` ahead; `show(risk, step)` puts a course into it. */
export function riskChart(shared, hours) {
  let columns = [[]];
  const points = { size: 5, fill: () => colour("risk"), stroke: () => colour("risk") };
  const chart = plot(shared, {
    title: riskName(hours),
    height: HEIGHT,
    series: [{ stroke: () => colour("risk"), width: 1.75, points }],
    axis: { values: (_, splits) => splits.map((each) => `${each} %`) },
    range: (_, __, most) => [0, Math.min(100, Math.max(LEAST_TOP, (most ?? 0) * 1.2))],
    describe: (index) => described(columns, index),
  });
  return {
    ...chart,
    show(risk, step) {
      columns = parted(risk.at, [risk.probability.map((each) => 100 * each)], longest(risk.at, step));
      chart.show(columns);
    },
  };
}

/** What a risk is of, and how far it looks. */
export function riskName(hours) {
  return hours === null ? t("patient.risk.stay") : t("patient.risk.within", { hours });
}

/** A probability as people read it; small ones are not rounded to none. */
export function percent(probability) {
  const most = 100 * probability;
  return most > 0 && most < 1 ? "< 1 %" : `${Math.round(most)} %`;
}

function described(columns, index) {
  const row = index ?? columns[0].length - 1;
  const found = columns[1]?.[row];
  if (found === null || found === undefined) return t("patient.charts.nothing");
  return t("patient.charts.riskRead", { value: percent(found / 100), time: clock(columns[0][row]) });
}

/** What the table of a risk says: {head, rows}. */
export function riskTable(risk) {
  const head = [t("patient.charts.table.at"), riskName(risk.hours)];
  return {
    head,
    rows: risk.at.map((at, index) => [clock(at, { withSeconds: true }), percent(risk.probability[index])]),
  };
}
