// Which charts a course needs: the score, each sign, sleep and activity, risks, and a list of all that is marked.

import { h } from "/static/js/dom.js";
import { clock } from "/static/js/format.js";
import { english, signName } from "/static/js/marks.js";
import { t } from "/static/js/words.js";

import { markWords } from "./painting.js";
import { riskChart, riskTable } from "./risk_chart.js";
import { partRows, scoreChart, scoreTable } from "./score_chart.js";
import { signChart, signTable } from "./sign_chart.js";
import { tableOnDemand } from "./table.js";
import { wordChart, wordTable } from "./word_chart.js";

const SCORE = "88330-6";
const VITAL = [
  "9279-1",
  "59408-5",
  "8480-6",
  "8867-4",
  "8310-5",
  "67775-7",
  "8462-4",
  "8478-0",
  "2339-0",
  "3151-8",
  "3150-0",
];
const WORN = ["93832-4", "41950-7", "55423-8", "80404-7"];

/** The charts of one patient; `show(course, limits)` draws a course, making and taking away charts as it needs. */
export function chartSet(shared) {
  const charts = new Map();
  const places = Object.fromEntries(
    ["score", "vital", "worn", "risk", "other"].map((name) => [name, h("div", { class: "charts" })]),
  );
  const worn = section("worn", places.worn);
  const risk = section("risk", places.risk);
  const other = h(
    "details",
    { class: "other-charts" },
    h("summary", null, t("patient.charts.section.other")),
    places.other,
  );
  const marks = tableOnDemand(t("patient.charts.marks"), () => markTable(shown.course.marks), { isAlone: true });
  const shown = { course: null, limits: new Map() };
  other.addEventListener("toggle", () => shown.course && draw());

  function draw() {
    const wanted = entries(shown, other.open);
    for (const [key, kept] of charts) {
      if (!wanted.has(key)) drop(key, kept);
    }
    for (const [key, entry] of wanted) {
      const kept = charts.get(key) ?? add(key, entry);
      kept.entry = entry;
      entry.put(kept.chart);
      kept.table?.renew();
    }
    worn.hidden = places.worn.childElementCount === 0;
    risk.hidden = places.risk.childElementCount === 0;
    other.hidden = !shown.course.lines.some((line) => placeOf(line.code) === "other");
    marks.renew();
  }

  function add(key, entry) {
    const kept = { entry, chart: entry.make(shared) };
    kept.table = entry.table && tableOnDemand(entry.title, () => kept.entry.table());
    kept.node = h("div", { class: "chart-place", dataset: { chart: key } }, kept.chart.node, kept.table?.node);
    places[entry.place].append(kept.node);
    charts.set(key, kept);
    return kept;
  }

  function drop(key, kept) {
    kept.chart.close();
    kept.node.remove();
    charts.delete(key);
  }

  return {
    node: h("div", { class: "chart-set" }, places.score, places.vital, worn, other, risk, marks.node),
    show(course, limits) {
      shown.course = course;
      shown.limits = new Map(limits.map((each) => [each.code, each]));
      draw();
    },
    redraw: () => charts.forEach((kept) => kept.chart.redraw()),
    close: () => charts.forEach((kept) => kept.chart.close()),
  };
}

function section(name, place) {
  const words = h("p", { class: "muted" }, t(`patient.charts.section.${name}Means`));
  return h("section", null, h("h3", null, t(`patient.charts.section.${name}`)), words, place);
}

// --- What a course needs ---------------------------------------------------------------------------------------------

/** By key: where a chart stands, how it is made, how a course is put into it, and its table. */
function entries({ course, limits }, withOther) {
  const found = new Map();
  const common = course.marks.filter((mark) => mark.kind !== "alert");
  if (course.score.at.length > 0) scoreEntries(found, course, common);
  for (const line of ordered(course.lines)) {
    const place = placeOf(line.code);
    if (place !== "other" || withOther) found.set(line.code, lineEntry(line, place, course, limits, common));
  }
  for (const risk of course.risks) {
    const title = t("patient.charts.risk");
    const put = (chart) => chart.show(risk, course.step);
    found.set(
      `risk-${risk.hours}`,
      { place: "risk", title, make: (shared) => riskChart(shared, risk.hours), put, table: () => riskTable(risk) },
    );
  }
  return found;
}

function scoreEntries(found, course, common) {
  const own = course.marks.filter((mark) => mark.kind === "alert" && isOfNoLine(mark, course.lines));
  const table = () => scoreTable(course.score);
  const put = (chart) => chart.show(course.score, [...own, ...common], course.step);
  found.set("score", { place: "score", title: t("patient.charts.score"), make: scoreChart, put, table });
  found.set(
    "parts",
    {
      place: "score",
      title: t("patient.charts.parts"),
      make: partRows,
      put: (chart) => chart.show(course.score, course.step),
      table: null,
    },
  );
}

function isOfNoLine(mark, lines) {
  return mark.code === SCORE || !lines.some((line) => line.code === mark.code);
}

function lineEntry(line, place, course, limits, common) {
  const title = signName(line.code, line.title);
  if (line.texts.length > 0) {
    const put = (chart) => chart.show(line, course.step);
    return {
      place,
      title,
      make: (shared) => wordChart(shared, line.code, line.title),
      put,
      table: () => wordTable(line),
    };
  }
  const own = course.marks.filter((mark) => mark.kind === "alert" && mark.code === line.code);
  const put = (chart) => chart.show(line, limits.get(line.code) ?? null, [...own, ...common], course.step);
  return {
    place,
    title,
    make: (shared) => signChart(shared, line.code, line.title, line.unit),
    put,
    table: () => signTable(line),
  };
}

function placeOf(code) {
  if (WORN.includes(code)) return "worn";
  return VITAL.includes(code) ? "vital" : "other";
}

function ordered(lines) {
  const order = [...VITAL, ...WORN];
  const rank = (line) => (order.includes(line.code) ? order.indexOf(line.code) : order.length);
  return lines.toSorted((one, other) => rank(one) - rank(other));
}

function markTable(marks) {
  const head = ["from", "until", "what"].map((key) => t(`patient.charts.table.${key}`));
  const until = (mark) => {
    if (mark.kind === "outcome") return "";
    return mark.until === null ? t("patient.charts.table.stillHolds") : clock(mark.until);
  };
  const words = (mark) => (mark.kind === "pause" ? english(mark.title) : markWords(mark));
  return { head, rows: marks.map((mark) => [clock(mark.at), until(mark), words(mark)]) };
}
