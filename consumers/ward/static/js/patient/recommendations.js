// What guidelines suggest, with its source, and what somebody said to it.

import { h } from "/static/js/dom.js";
import { clock } from "/static/js/format.js";
import { english, priorityMark } from "/static/js/marks.js";
import { t } from "/static/js/words.js";

import { recommendationText } from "./recommendation_words.js";

const MOST_WITHDRAWN = 24;
const DECISIONS = ["accepted", "declined"];

/** The recommendations that stand, then those taken back; `answer(decision, recommendation)` asks for an answer. */
export function recommendationNodes(recommendations, answer) {
  const standing = recommendations.filter((each) => each.state !== "withdrawn");
  const withdrawn = recommendations.filter((each) => each.state === "withdrawn");
  return [
    h("p", { class: "muted" }, t("patient.recommendations.means")),
    standing.length === 0 && h("p", { class: "quiet" }, t("patient.recommendations.none")),
    h("ul", { class: "plain recommendations" }, standing.map((each) => item(each, answer))),
    withdrawn.length > 0 &&
      h(
        "details",
        { dataset: { key: "withdrawn" } },
        h(
          "summary",
          { dataset: { key: "withdrawn-summary" } },
          t("patient.recommendations.withdrawn", { n: withdrawn.length }),
        ),
        h("ul", { class: "plain recommendations" }, withdrawn.slice(0, MOST_WITHDRAWN).map((each) => item(each, null))),
      ),
  ];
}

function item(found, answer) {
  const text = recommendationText(found);
  const isOwn = text === found.text;
  return h(
    "li",
    null,
    h("p", null, priorityMark(found.priority), " ", h("b", null, isOwn ? english(text) : text)),
    !isOwn && h("p", { class: "alert-original" }, english(found.text)),
    h("p", null, t("patient.asOf", { time: clock(found.at) }), " ", english(found.reason)),
    h("p", { class: "muted" }, t("patient.recommendations.source", { source: found.source, time: clock(found.at) })),
    found.answered_by && h(
      "p",
      { class: "alert-answered" },
      answered(found),
      " ",
      found.answer_reason && h("q", null, found.answer_reason),
    ),
    answer && h(
      "div",
      { class: "alert-buttons" },
      DECISIONS.filter((each) => each !== found.decision).map((each) => button(each, found, text, answer)),
    ),
  );
}

function answered(found) {
  return t(
    `patient.recommendations.${found.decision ?? "proposed"}`,
    { by: found.answered_by, time: clock(found.answered_at) },
  );
}

function button(decision, found, text, answer) {
  const isChange = found.answered_by !== null;
  const words = t(`patient.answers.${decision}.${isChange ? "instead" : "button"}`);
  return h(
    "button",
    {
      type: "button",
      class: "button",
      "aria-label": t("patient.alerts.answerOf", { answer: words, what: text }),
      dataset: { key: `${decision}-${found.recommendation_id}` },
      on: { click: () => answer(decision, found) },
    },
    words,
  );
}
