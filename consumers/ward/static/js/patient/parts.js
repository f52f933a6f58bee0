// The score by part: each value with its age and its points; what is stale or missing says so.

import { h } from "/static/js/dom.js";
import { partName, PARTS, signName } from "/static/js/marks.js";
import { t } from "/static/js/words.js";

import { agoNode } from "./ages.js";
import { partValue, signValue } from "./values.js";

/** A table of the parts of NEWS2, and one of the newest values beside it. */
export function partsNodes(row) {
  const parts = PARTS.filter((name) => row.parts[name]);
  return [
    parts.length === 0 ? h("p", { class: "missing" }, t("patient.parts.none")) : partsTable(row.parts, parts),
    row.signs.length > 0 && signsTable(row.signs),
  ];
}

function partsTable(given, names) {
  const head = ["sign", "value", "age", "points"].map((key) => h("th", { scope: "col" }, t(`patient.parts.${key}`)));
  return h(
    "table",
    { class: "values" },
    h("thead", null, h("tr", null, head)),
    h("tbody", null, names.map((name) => partRow(name, given[name]))),
  );
}

function partRow(name, part) {
  const isMissing = part.state === "missing";
  const points = part.points === null ? t("patient.parts.upTo", { most: part.most }) : String(part.points);
  return h(
    "tr",
    { class: part.state },
    h("th", { scope: "row" }, partName(name)),
    h("td", { class: isMissing ? "missing" : "number" }, isMissing ? t("common.missing") : partValue(name, part)),
    h(
      "td",
      null,
      isMissing ? t("patient.parts.never") : [
        part.state === "stale" && `${t("patient.parts.stale")} `,
        agoNode(part.at),
      ],
    ),
    h("td", { class: `points points-${part.points ?? "unknown"}` }, points),
  );
}

function signsTable(signs) {
  const head = ["sign", "value", "age"].map((key) => h("th", { scope: "col" }, t(`patient.parts.${key}`)));
  const rows = signs.map((sign) =>
    h(
      "tr",
      null,
      h("th", { scope: "row" }, signName(sign.code, sign.title)),
      h("td", { class: "number" }, signValue(sign)),
      h("td", null, agoNode(sign.at)),
    ),
  );
  return h(
    "details",
    { dataset: { key: "other-signs" }, open: signs.length <= 6 },
    h("summary", { dataset: { key: "other-signs-summary" } }, t("patient.parts.others", { n: signs.length })),
    h("table", { class: "values" }, h("thead", null, h("tr", null, head)), h("tbody", null, rows)),
  );
}
