// What stands beside the score and the alerts: other scores, findings, limits, devices, what was entered, outcomes.

import { h } from "/static/js/dom.js";
import { clock, interval, number, unitWords } from "/static/js/format.js";
import { english, signName } from "/static/js/marks.js";
import { has, t } from "/static/js/words.js";

import { agoNode } from "./ages.js";

/** Scores beside NEWS2, as intervals. */
export function otherScoreNodes(scores) {
  if (scores.length === 0) return h("p", { class: "missing" }, t("patient.others.none"));
  const rows = scores.map(
    (score) => [t(`patient.others.${score.name}`), scoreSaid(score), score.completeness ?? "", agoNode(score.at)],
  );
  return [
    h("p", { class: "muted" }, t("patient.others.means")),
    table("patient.others", ["score", "value", "parts", "age"], rows),
  ];
}

/** An other score as people read it. */
export function scoreSaid(score) {
  if (score.not_applicable) return english(t("patient.score.notApplicable"));
  if (score.least === null) return t("common.unknown");
  if (score.name !== "shock_index") return interval(score.least, score.most);
  return interval(number(score.least), number(score.most));
}

/** What detectors noticed, what still holds first. */
export function findingNodes(findings) {
  if (findings.length === 0) return h("p", { class: "quiet" }, t("patient.findings.none"));
  const ordered = findings.toSorted(
    (one, other) => (other.until === null) - (one.until === null) || other.since - one.since,
  );
  const item = (found) =>
    h(
      "li",
      { class: found.until === null ? "" : "muted" },
      h("b", null, detector(found.detector)),
      found.codes.length > 0 && ` (${found.codes.map((code) => signName(code)).join(t("patient.sentence.comma"))})`,
      ": ",
      english(found.text),
      " ",
      h(
        "span",
        { class: "muted" },
        found.until === null ? t("patient.findings.since", { time: clock(found.since) }) : t(
          "patient.findings.over",
          { from: clock(found.since), until: clock(found.until) },
        ),
      ),
    );
  return [
    h("p", { class: "muted" }, t("patient.findings.means")),
    h("ul", { class: "findings" }, ordered.slice(0, 20).map(item)),
  ];
}

function detector(name) {
  return has(`patient.findings.${name}`) ? t(`patient.findings.${name}`) : name;
}

/** The limits in force, and whose they are. */
export function limitNodes(limits) {
  if (limits.length === 0) return h("p", { class: "missing" }, t("patient.limits.none"));
  const side = (bound) => (bound === null ? t("patient.limits.noBound") : number(bound));
  const rows = limits.map(
    (each) => [
      signName(each.code, each.title),
      side(each.low),
      side(each.high),
      unitWords(each.unit),
      t(`patient.limits.${each.source}`),
    ],
  );
  return table("patient.limits", ["sign", "low", "high", "unit", "source"], rows);
}

/** The devices that measured this patient, and when each was last heard. */
export function deviceNodes(devices) {
  if (devices.length === 0) return h("p", { class: "missing" }, t("patient.devices.none"));
  const rows = devices.map((each) => [
    each.device_id,
    each.device_type ? t(`patient.devices.type.${each.device_type}`) : t("common.unknown"),
    each.gateway_id ?? t("common.none"),
    agoNode(each.heard_at),
  ]);
  return table("patient.devices", ["device", "kind", "gateway", "heard"], rows);
}

/** What the patient or a carer said, and what was entered by hand; the newest first. */
export function enteredNodes(entered) {
  if (entered.length === 0) return h("p", { class: "quiet" }, t("patient.entered.none"));
  const item = (each) => h(
    "li",
    null,
    clock(each.at),
    " ",
    h("b", null, each.by ?? t("patient.entered.somebody")),
    ": ",
    h("q", null, each.text),
  );
  const list = h("ul", null, entered.toSorted((one, other) => other.at - one.at).map(item));
  return h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": t("patient.sections.entered") }, list);
}

/** What really happened. */
export function outcomeNodes(outcomes) {
  if (outcomes.length === 0) return h("p", { class: "quiet" }, t("patient.outcomes.none"));
  const words = (each) => h("b", null, t(`patient.outcomes.${each.kind}`));
  return h("ul", null, outcomes.map((each) => h("li", null, "■ ", clock(each.at), " ", words(each))));
}

function table(place, columns, rows) {
  const head = columns.map((name) => h("th", { scope: "col" }, t(`${place}.${name}`)));
  const body = rows.map(
    ([first, ...rest]) => h("tr", null, h("th", { scope: "row" }, first), rest.map((cell) => h("td", null, cell))),
  );
  return h(
    "div",
    { class: "scroll", tabindex: "0", role: "group", "aria-label": t(`${place}.title`) },
    h("table", { class: "values" }, h("thead", null, h("tr", null, head)), h("tbody", null, body)),
  );
}
