// What a recommendation says, in the reader's language where its codes allow.

import { signName } from "/static/js/marks.js";
import { language, t } from "/static/js/words.js";

/** What it asks for; the guideline's own words where they are not made of codes. */
export function recommendationText(recommendation) {
  if (language() === "en") return recommendation.text;
  if (recommendation.kind === "measure" && recommendation.codes.length > 0) {
    const signs = recommendation.codes.map((code) => signName(code)).join(t("patient.sentence.comma"));
    return t("patient.recommendations.measure", { signs });
  }
  if (recommendation.kind === "response") return t(`patient.recommendations.response.${recommendation.priority}`);
  return recommendation.text;
}
