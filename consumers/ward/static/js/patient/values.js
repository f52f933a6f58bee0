// Values as people read them: numbers with their unit, letters and words in the reader's language.

import { value } from "/static/js/format.js";
import { partUnit } from "/static/js/marks.js";
import { has, t } from "/static/js/words.js";

/** A value of a sign: {value, unit}; letters of consciousness and oxygen or air are said in words. */
export function signValue(sign) {
  return typeof sign.value === "string" ? coded(sign.value) : value(sign.value, sign.unit ?? "");
}

/** The value of a part of NEWS2. */
export function partValue(name, part) {
  return typeof part.value === "string" ? coded(part.value) : value(part.value, partUnit(name));
}

function coded(word) {
  const key = `patient.coded.${word}`;
  return has(key) ? t(key) : word;
}
