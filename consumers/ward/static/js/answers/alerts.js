// Answers to an alert: acknowledge, snooze, feedback; and what takes them back where that is safe.

import { get, Problem } from "/static/js/api.js";
import { ask } from "/static/js/dialog.js";
import { fill, h } from "/static/js/dom.js";
import { alertTitle } from "/static/js/marks.js";
import { t } from "/static/js/words.js";

import { summary } from "../patient/alert_words.js";
import { body, by, CHOICES, lasting, reason } from "./fields.js";
import { send } from "./sending.js";
import { toast } from "./toast.js";

const AT_ONCE_SECONDS = 1;
const [GONE, CONFLICT] = [404, 409];

const KINDS = {
  acknowledge: () => [by(), lasting(t("patient.answers.acknowledge.for"), CHOICES.acknowledge, ""), reason()],
  snooze: () => [by(), lasting(t("patient.answers.snooze.for"), CHOICES.snooze, CHOICES.snooze[0]), reason()],
  feedback: (alert) => [by(), usefulness(alert), reason()],
  endAcknowledgement: () => [by(), reason()],
  endSnooze: () => [by(), reason()],
};

const PATHS = { endAcknowledgement: "acknowledge", endSnooze: "snooze" };
const UNDONE_BY = { acknowledge: "endAcknowledgement", snooze: "endSnooze", feedback: "feedback" };

/**
 * Asks for an answer of this kind to an alert and sends it; `onAnswered` is called once it counts. Where the alert has
 * changed meanwhile, its new state is shown and the answer can be given again.
 */
export async function answerAlert(kind, patientId, alert, onAnswered) {
  let seen = alert;
  const intro = h("div", null, summary(alert), explanation(kind));
  const given = await ask({
    title: t(`patient.answers.${kind}.title`),
    intro,
    fields: KINDS[kind](alert),
    confirm: t(`patient.answers.${kind}.confirm`),
    submit: async (values) => {
      try {
        await sent(kind, seen, values);
      } catch (problem) {
        if (![GONE, CONFLICT].includes(problem.status)) throw problem;
        const now = await current(patientId, alert.alert_id);
        const isOver = now === null || (now.state === "closed" && kind !== "feedback");
        if (isOver) fill(intro, summary(now ?? seen));
        else if (now.revision !== seen.revision) fill(intro, summary(now), explanation(kind));
        seen = now ?? seen;
        throw again(problem, isOver);
      }
      return values;
    },
  });
  if (given === null) return;
  offerUndo(kind, patientId, alert, onAnswered);
  onAnswered();
}

function explanation(kind) {
  return h("p", { class: "muted" }, t(`patient.answers.${kind}.means`));
}

function usefulness(alert) {
  const options = ["actionable", "not-actionable"].map((value) => ({ value, label: t(`patient.usefulness.${value}`) }));
  const label = t("patient.answers.feedback.question");
  return { name: "usefulness", label, type: "radio", options, value: alert.feedback ?? undefined, required: true };
}

function sent(kind, alert, values) {
  const path = `/alerts/${encodeURIComponent(alert.alert_id)}/${PATHS[kind] ?? kind}`;
  const wish = body(values);
  if (kind !== "feedback") wish.revision = alert.revision;
  if (kind in PATHS) wish.for_seconds = AT_ONCE_SECONDS;
  return send(path, wish);
}

/** The alert as it stands now; null where it is not known any more, or that can't be asked. */
async function current(patientId, alertId) {
  try {
    const view = await get(`/patients/${encodeURIComponent(patientId)}`);
    return view.alerts.find((each) => each.alert_id === alertId) ?? null;
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    return null;
  }
}

function again(problem, isOver) {
  const { status, title } = problem;
  if (isOver) return new Problem({ status, title, detail: t("patient.answers.over"), isFinal: true });
  return new Problem({ status, title, detail: `${problem.detail} ${t("patient.answers.again")}` });
}

function offerUndo(kind, patientId, alert, onAnswered) {
  const undone = UNDONE_BY[kind];
  const isFinal = undone === undefined || (kind === "acknowledge" && alert.state === "latched");
  const run = async () => {
    const now = await current(patientId, alert.alert_id);
    if (now === null || (now.state === "closed" && kind !== "feedback")) toast(t("patient.answers.over"));
    else answerAlert(undone, patientId, now, onAnswered);
  };
  const what = `${alertTitle(alert)} (${patientId})`;
  toast(t("patient.answers.done", { done: t(`patient.answers.${kind}.done`), what }), isFinal ? null : { words: t(`patient.answers.${kind}.undo`), run });
}
