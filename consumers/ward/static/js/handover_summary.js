// What a handover summary (SBAR) says of a patient, with what is missing or stale, and as of when.

import { clock, interval, number, since, value } from "/static/js/format.js";
import { alertTitle, partName, PARTS, signName } from "/static/js/marks.js";
import { t } from "/static/js/words.js";

import { sentence } from "./patient/alert_words.js";
import { percent, riskName } from "./patient/charts/risk_chart.js";
import { aboutWords, pauseWords, placeWords, scoreWords } from "./patient/head.js";
import { recommendationText } from "./patient/recommendation_words.js";
import { stateWords } from "./patient/state_words.js";
import { partValue, signValue } from "./patient/values.js";

const DAY = 24 * 60 * 60;
const MOST_ENTERED = 6;

/** The summary of a PatientView as of `now`: {title, asOf, notes, sections: [{heading, lines}], assists}. */
export function compose(view, now) {
  const { row } = view;
  const notes = [];
  if (row.origin !== "live") notes.push(t(`common.origin.${row.origin}`));
  if (!view.monitored) notes.push(t("patient.ended"));
  return {
    title: t("patient.handover.of", { patient: row.patient_id, place: placeWords(row) }),
    asOf: t("patient.handover.asOf", { time: now === null ? t("common.unknown") : moment(now) }),
    notes,
    sections: [
      { heading: t("patient.handover.situation"), lines: situation(view) },
      { heading: t("patient.handover.background"), lines: background(view, now) },
      { heading: t("patient.handover.assessment"), lines: assessment(view) },
      { heading: t("patient.handover.recommendation"), lines: recommendation(view) },
    ],
    assists: t("patient.handover.assists"),
  };
}

/** The summary as plain text, a line a fact. */
export function plainText(summary) {
  const { title, asOf, notes, sections, assists } = summary;
  const told = sections.flatMap(
    ({ heading, lines }) => ["", heading.toUpperCase(), ...lines.map((line) => `- ${line}`)],
  );
  return `${[title, asOf, ...notes, ...told, "", assists].join("\n")}\n`;
}

function moment(at) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const date = new Date(at * 1000);
  const two = (part) => String(part).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())} (${zone})`;
}

// --- The four parts --------------------------------------------------------------------------------------------------

function situation({ row, alerts }) {
  const standing = alerts.filter((alert) => alert.state !== "closed" && alert.state !== "pending");
  return [
    ...scoreLines(row.score),
    ...(standing.length === 0 ? [t("patient.handover.noAlerts")] : standing.map(alertLine)),
    signalLine(row.signal),
    ...(row.pause ? [pauseWords(row.pause)] : []),
  ];
}

function scoreLines(score) {
  if (score === null) return [t("patient.score.none")];
  if (score.not_applicable) return [`NEWS2: ${t("patient.score.notApplicable")} (${score.not_applicable})`];
  const level = t(`common.level.${score.level ?? "none"}`);
  const known = t(
    "patient.handover.score",
    { score: interval(score.known, score.most), level, time: clock(score.at), age: since(score.at) },
  );
  return [known, ...scoreWords(score)];
}

function alertLine(alert) {
  const answered = alert.acknowledgement;
  const parts = [
    t("patient.handover.alert", {
      priority: t(`common.priority.${alert.priority}`),
      title: alertTitle(alert),
      state: stateWords(alert),
      time: clock(alert.since),
      age: since(alert.since),
    }),
    sentence(alert).text,
  ];
  if (answered) parts.push(t("patient.alerts.acknowledged", { by: answered.by, time: clock(answered.at) }));
  return parts.join(" ");
}

function signalLine(signal) {
  const state = t(`patient.signal.${signal.state}`);
  if (signal.heard_at === null) return state;
  return t("patient.handover.signal", { state, time: clock(signal.heard_at), age: since(signal.heard_at) });
}

function background(view, now) {
  const recent = view.alerts.filter((alert) => alert.state === "closed" && now !== null && now - alert.at < DAY).length;
  const known = view.known_from === null ? t("patient.alerts.knownFromUnknown") : t(
    "patient.alerts.knownFrom",
    { time: clock(view.known_from) },
  );
  return [
    ...aboutWords(view.about),
    ...view.outcomes.map((each) => `${clock(each.at)}: ${t(`patient.outcomes.${each.kind}`)}`),
    t("patient.handover.closedAlerts", { count: recent, n: recent }),
    ...view.entered.toSorted((one, other) => other.at - one.at).slice(0, MOST_ENTERED).map(
      (each) => t(
        "patient.handover.entered",
        { time: clock(each.at), by: each.by ?? t("patient.entered.somebody"), text: each.text },
      ),
    ),
    known,
  ];
}

function assessment(view) {
  const { row } = view;
  const limits = view.limits.filter((each) => each.source !== "adult").map(limitLine);
  return [
    ...PARTS.filter((name) => row.parts[name]).map((name) => partLine(name, row.parts[name])),
    ...row.signs.map(
      (sign) => t(
        "patient.handover.sign",
        { sign: signName(sign.code, sign.title), value: signValue(sign), time: clock(sign.at), age: since(sign.at) },
      ),
    ),
    ...view.findings.filter((each) => each.until === null).map(
      (each) => t("patient.handover.finding", { text: each.text, time: clock(each.since) }),
    ),
    ...limits,
    ...view.risks.map(
      (risk) => t(
        "patient.handover.risk",
        { name: riskName(risk.hours), value: percent(risk.probability), time: clock(risk.at) },
      ),
    ),
  ];
}

function partLine(name, part) {
  const sign = partName(name);
  if (part.state === "missing") return t("patient.handover.partMissing", { sign, most: part.most });
  const said = { sign, value: partValue(name, part), time: clock(part.at), age: since(part.at) };
  if (part.state === "stale") return t("patient.handover.partStale", { ...said, most: part.most });
  return t("patient.handover.part", { ...said, points: part.points ?? t("common.unknown") });
}

function limitLine(limit) {
  const bound = (side) => (limit[side] === null ? t("patient.limits.noBound") : number(limit[side]));
  const unit = value("", limit.unit).trim();
  return t(
    "patient.handover.limit",
    {
      sign: signName(limit.code, limit.title),
      low: bound("low"),
      high: bound("high"),
      unit,
      source: t(`patient.limits.${limit.source}`),
    },
  );
}

function recommendation({ recommendations }) {
  const standing = recommendations.filter((each) => each.state !== "withdrawn");
  if (standing.length === 0) return [t("patient.recommendations.none")];
  return standing.map((each) => {
    const parts = [
      recommendationText(each),
      t("patient.recommendations.source", { source: each.source, time: clock(each.at) }),
    ];
    if (each.answered_by) {
      const said = { by: each.answered_by, time: clock(each.answered_at) };
      parts.push(t(`patient.recommendations.${each.decision ?? "proposed"}`, said), each.answer_reason ?? "");
    }
    return parts.join(" ").trim();
  });
}
