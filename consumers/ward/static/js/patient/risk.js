// What the learned models foretell, in the shadow, and what moves it.

import { h } from "/static/js/dom.js";
import { number } from "/static/js/format.js";
import { has, t } from "/static/js/words.js";

import { agoNode } from "./ages.js";
import { percent, riskName } from "./charts/risk_chart.js";

const FIRST = 8;

/** Each learned risk with its drivers. */
export function riskNodes(risks) {
  return [
    h("p", { class: "shadow" }, t("patient.risk.shadow")),
    risks.length === 0 && h("p", { class: "missing" }, t("patient.risk.none")),
    risks.map(riskNode),
  ];
}

function riskNode(risk) {
  return h(
    "div",
    { class: "risk" },
    h("h3", null, riskName(risk.hours), ": ", h("strong", { class: "number" }, percent(risk.probability))),
    h(
      "p",
      { class: "muted" },
      rests(risk),
      " · ",
      t("patient.risk.version", { version: risk.version }),
      " · ",
      agoNode(risk.at),
    ),
    drivers(risk.drivers),
  );
}

function rests(risk) {
  if (risk.known === null || risk.of === null) return t("patient.risk.restsUnknown");
  const newest = risk.newest_hours === null ? t("common.unknown") : t(
    "patient.risk.hours",
    { n: number(risk.newest_hours, 1) },
  );
  return t("patient.risk.rests", { known: risk.known, of: risk.of, newest });
}

function drivers(found) {
  if (found.length === 0) return h("p", { class: "muted" }, t("patient.risk.noDrivers"));
  const ordered = found.toSorted((one, other) => Math.abs(other.effect) - Math.abs(one.effect)).slice(0, FIRST);
  const most = Math.max(...ordered.map((driver) => Math.abs(driver.effect)), Number.MIN_VALUE);
  return [
    h("p", { class: "muted" }, t("patient.risk.moves")),
    h("ol", { class: "plain drivers" }, ordered.map((driver) => driverNode(driver, most))),
  ];
}

function driverNode(driver, most) {
  const side = driver.effect > 0 ? "raises" : "lowers";
  const value = driver.value === null ? t("patient.risk.notKnown") : number(driver.value);
  const bar = h("span", { class: `driver-bar ${side}` });
  bar.style.setProperty("--share", String(Math.abs(driver.effect) / most));
  return h(
    "li",
    null,
    h("span", { class: "driver-name" }, driverName(driver.sign), " ", h("span", { class: "muted" }, value)),
    h("span", { class: "driver-side", "aria-hidden": "true" }, bar),
    h(
      "span",
      { class: "driver-word" },
      `${driver.effect > 0 ? "▲" : "▼"} ${t(`patient.risk.${side}`)} `,
      h("span", { class: "number" }, number(Math.abs(driver.effect))),
    ),
  );
}

/** What a sign is called that a model looks at, by its name. */
export function driverName(sign) {
  const key = `patient.risk.signs.${sign}`;
  if (has(key)) return t(key);
  return has(`common.parts.${sign}.full`) ? t(`common.parts.${sign}.full`) : sign.replaceAll("_", " ");
}
