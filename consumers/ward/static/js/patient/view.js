// The view of one patient: loads it, keeps it up to date while it is looked at, and offers to answer.

import { get, Problem } from "/static/js/api.js";
import { fill, h } from "/static/js/dom.js";
import { live } from "/static/js/live.js";
import { t } from "/static/js/words.js";

import { answerAlert } from "../answers/alerts.js";
import { decide, endPause, pausePatient } from "../answers/patients.js";
import { enterByHand } from "../entry.js";
import { showHandover } from "../handover.js";
import { goOn } from "./ages.js";
import { historyNodes, openNodes } from "./alerts.js";
import { deviceNodes, enteredNodes, findingNodes, limitNodes, otherScoreNodes, outcomeNodes } from "./beside.js";
import { chartPanel } from "./charts/panel.js";
import { headNodes } from "./head.js";
import { partsNodes } from "./parts.js";
import { recommendationNodes } from "./recommendations.js";
import { renewing } from "./renewing.js";
import { riskNodes } from "./risk.js";

const REFETCH_MS = 2_000;
const AFTER_ANSWER_MS = 400;

/** Shows a patient in `container`; returns what ends that. */
export function show(container, { patientId }) {
  const page = h("div", { class: "patient-view" }, h("p", { class: "loading", role: "status" }, t("common.loading")));
  container.append(page);
  document.title = `${patientId} · ${t("common.name")}`;
  let shown = null;
  let view = null;
  let waiting = null;
  let isClosed = false;
  let isLoading = false;
  let isWanted = false;

  const offs = [
    live.on("rows", (changed) => changed.has(patientId) && soon(REFETCH_MS)),
    live.on("reset", () => soon(0)),
    live.on("state", () => goOn(page)),
    whenSeen(() => isWanted && soon(0)),
  ];
  load();

  async function load() {
    clearTimeout(waiting);
    waiting = null;
    isLoading = true;
    isWanted = false;
    try {
      const found = await get(`/patients/${encodeURIComponent(patientId)}`);
      if (!isClosed) take(found);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (!isClosed && view === null) complain(problem);
    } finally {
      isLoading = false;
      if (isWanted && !isClosed) soon(REFETCH_MS);
    }
  }

  function soon(wait) {
    if (document.hidden || isLoading) {
      isWanted = true;
      return;
    }
    if (wait < REFETCH_MS) clearTimeout(waiting);
    else if (waiting !== null) return;
    waiting = setTimeout(load, wait);
  }

  function take(found) {
    view = found;
    shown ??= built(page, patientId, { view: () => view, again: () => soon(AFTER_ANSWER_MS) });
    shown.take(view);
  }

  function complain(problem) {
    const isUnknown = problem.status === 404;
    const words = isUnknown ? t("patient.unknown", { patient: patientId }) : t("patient.notLoaded");
    const retry = h("button", { type: "button", class: "button primary", on: { click: load } }, t("patient.retry"));
    fill(page, backLink(), h("h1", null, words), h("p", { role: "alert" }, problem.message), !isUnknown && retry);
    if (!isUnknown) waiting = setTimeout(load, 2 * REFETCH_MS);
  }

  return () => {
    isClosed = true;
    clearTimeout(waiting);
    offs.forEach((off) => off());
    shown?.close();
    document.title = t("common.name");
  };
}

/** Builds the sections of the page; `now.view()` is the newest view, `now.again()` asks for a newer one. */
function built(page, patientId, now) {
  const answer = (kind, alert) => answerAlert(kind, patientId, alert, now.again);
  const decideOn = (decision, found) => decide(decision, patientId, found, now.again);
  const places = Object.fromEntries(PLACES.map((name) => [name, h("div", { class: `place-${name}` })]));
  const charts = h("div", { class: "place-charts" });
  fill(page, backLink(), layout(places, charts));
  const panel = chartPanel(charts, patientId, () => now.view().limits);
  const put = {
    head: renewing(places.head, (view) => headNodes(view, actions(patientId, view, now))),
    open: renewing(places.open, (view) => openNodes(view, answer)),
    parts: renewing(places.parts, (view) => partsNodes(view.row)),
    recommendations: renewing(places.recommendations, (view) => recommendationNodes(view.recommendations, decideOn)),
    risk: renewing(places.risk, (view) => riskNodes(view.risks)),
    history: renewing(places.history, (view) => historyNodes(view, answer)),
    findings: renewing(places.findings, (view) => findingNodes(view.findings)),
    others: renewing(places.others, (view) => otherScoreNodes(view.others)),
    limits: renewing(places.limits, (view) => limitNodes(view.limits)),
    devices: renewing(places.devices, (view) => deviceNodes(view.devices)),
    entered: renewing(places.entered, (view) => enteredNodes(view.entered)),
    outcomes: renewing(places.outcomes, (view) => outcomeNodes(view.outcomes)),
  };
  return {
    take(view) {
      for (const [name, renew] of Object.entries(put)) renew(needed(name, view));
      goOn(page);
      panel.changed();
    },
    close: () => panel.close(),
  };
}

const PLACES = [
  "head",
  "open",
  "parts",
  "recommendations",
  "risk",
  "history",
  "findings",
  "others",
  "limits",
  "devices",
  "entered",
  "outcomes",
];

/** What a section shows of a view: only where that has changed is it built anew. */
function needed(name, view) {
  const { row, about, alerts, known_from, monitored } = view;
  const parts = {
    head: { row: { ...row, parts: null, signs: null, alerts: null, urgency: null }, about, monitored },
    open: { alerts: alerts.filter((alert) => alert.state !== "closed") },
    history: { alerts: alerts.filter((alert) => alert.state === "closed"), known_from },
    parts: { row: { parts: row.parts, signs: row.signs } },
  };
  return parts[name] ?? ofView(name, view);
}

function ofView(name, view) {
  const key = { risk: "risks" }[name] ?? name;
  return { [key]: view[key] };
}

function actions(patientId, view, now) {
  const button = (key, words, run, kind = "button") =>
    h("button", { type: "button", class: kind, dataset: { key: `action-${key}` }, on: { click: run } }, words);
  const pause = view.row.pause
    ? button("end-pause", t("patient.answers.endPause.button"), () => endPause(patientId, now.again))
    : button("pause", t("patient.answers.pause.button"), () => pausePatient(patientId, now.again));
  return [
    button("entry", t("patient.entry.button"), () => enterByHand(patientId, now.again), "button primary"),
    pause,
    button("handover", t("patient.handover.button"), () => showHandover(now.view(), live.now())),
  ];
}

function backLink() {
  return h("p", { class: "patient-back" }, h("a", { href: "#/" }, `← ${t("common.back")}`));
}

function layout(places, charts) {
  const card = (name, place = places[name]) =>
    h(
      "section",
      { class: `card section section-${name}`, "aria-labelledby": `section-${name}` },
      h("h2", { id: `section-${name}` }, t(`patient.sections.${name}`)),
      place,
    );
  return [
    h("section", { class: "card section section-head", "aria-label": t("patient.sections.head") }, places.head),
    h("div", { class: "patient-top" }, card("open"), h("div", null, card("parts"), card("recommendations"))),
    card("charts", charts),
    h(
      "div",
      { class: "patient-more" },
      ["history", "risk", "findings", "others", "limits", "devices", "entered", "outcomes"].map((name) => card(name)),
    ),
  ];
}

function whenSeen(listener) {
  const heard = () => !document.hidden && listener();
  document.addEventListener("visibilitychange", heard);
  return () => document.removeEventListener("visibilitychange", heard);
}
