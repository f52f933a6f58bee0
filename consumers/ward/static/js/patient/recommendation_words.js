// What a recommendation says, in the reader's language where its codes allow.

import { signName } from "/static/js/marks.js";
import { language, t } from "/static/js/words.js";

/** By how the guideline's sentence begins, the level that it answers: two levels share a priority, not a response. */
const RESPONSES = [
  ["A registered nurse assesses", "low"],
  ["The nurse informs the medical team", "low-medium"],
  ["Call urgently", "medium"],
  ["Call the emergency team", "high"],
];

/** What it asks for; the guideline's own words where they are not made of codes. */
export function recommendationText(recommendation) {
  if (language() === "en") return recommendation.text;
  if (recommendation.kind === "measure" && recommendation.codes.length > 0) {
    const signs = recommendation.codes.map((code) => signName(code)).join(t("patient.sentence.comma"));
    return t("patient.recommendations.measure", { signs });
  }
  const level = RESPONSES.find(([beginning]) => recommendation.text.startsWith(beginning))?.[1];
  return level ? t(`patient.recommendations.response.${level}`) : recommendation.text;
}
