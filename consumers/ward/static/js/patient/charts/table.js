// A chart's text alternative: what it draws, as a table on demand.

import { fill, h } from "/static/js/dom.js";
import { t } from "/static/js/words.js";

const MOST_ROWS = 400;

/**
 * A part that unfolds into the table that `build()` gives: {head, rows}; `renew()` brings it up to what is drawn. With
 * `isAlone` nothing above it says what it is of, so that its own words do.
 */
export function tableOnDemand(title, build, { isAlone = false } = {}) {
  const place = h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": title });
  const node = h(
    "details",
    { class: "chart-table" },
    h("summary", null, t("patient.charts.asTable"), h("span", { class: isAlone ? null : "visually-hidden" }, ` ${title}`)),
    place,
  );
  const renew = () => {
    if (node.open) fill(place, tableOf(build(), title));
  };
  node.addEventListener("toggle", renew);
  return { node, renew };
}

function tableOf({ head, rows }, title) {
  if (rows.length === 0) return h("p", null, t("patient.charts.nothing"));
  const newest = rows.slice(-MOST_ROWS).reverse();
  return [
    rows.length > MOST_ROWS && h(
      "p",
      { class: "muted" },
      t("patient.charts.newestRows", { n: MOST_ROWS, of: rows.length }),
    ),
    h(
      "table",
      { class: "values" },
      h("caption", { class: "visually-hidden" }, title),
      h("thead", null, h("tr", null, head.map((each) => h("th", { scope: "col" }, each)))),
      h(
        "tbody",
        null,
        newest.map(
          ([first, ...rest]) => h(
            "tr",
            null,
            h("th", { scope: "row" }, first),
            rest.map((cell) => h("td", { class: "number" }, cell)),
          ),
        ),
      ),
    ),
  ];
}
