// Answers about a patient: pause what sounds, and accept or decline what is recommended.

import { ask } from "/static/js/dialog.js";
import { h } from "/static/js/dom.js";
import { t } from "/static/js/words.js";

import { recommendationText } from "../patient/recommendation_words.js";
import { body, by, CHOICES, lasting, reason } from "./fields.js";
import { send } from "./sending.js";
import { toast } from "./toast.js";

/** Asks for a pause of a patient's alerts of no data and of limits, and sends it. */
export async function pausePatient(patientId, onAnswered) {
  const given = await ask({
    title: t("patient.answers.pause.title", { patient: patientId }),
    intro: t("patient.answers.pause.means"),
    fields: [
      by(),
      lasting(t("patient.answers.pause.for"), CHOICES.pause, CHOICES.pause[0]),
      reason({ required: true }),
    ],
    confirm: t("patient.answers.pause.confirm"),
    submit: async (values) => {
      await send(`/patients/${encodeURIComponent(patientId)}/pause`, body(values));
      return values;
    },
  });
  if (given === null) return;
  const undo = { words: t("patient.answers.pause.undo"), run: () => endPause(patientId, onAnswered) };
  toast(t("patient.answers.pause.done"), undo);
  onAnswered();
}

/** Asks who ends a patient's pause and why, and sends it. */
export async function endPause(patientId, onAnswered) {
  const given = await ask({
    title: t("patient.answers.endPause.title", { patient: patientId }),
    intro: t("patient.answers.endPause.means"),
    fields: [by(), reason({ required: true })],
    confirm: t("patient.answers.endPause.confirm"),
    submit: async (values) => {
      await send(`/patients/${encodeURIComponent(patientId)}/pause`, { ...body(values), for_seconds: 0 });
      return values;
    },
  });
  if (given === null) return;
  toast(t("patient.answers.endPause.done"));
  onAnswered();
}

/** Asks who accepts or declines a recommendation and why, and sends it; the other decision takes it back. */
export async function decide(decision, patientId, recommendation, onAnswered) {
  const path = `/patients/${encodeURIComponent(patientId)}/recommendations`;
  const given = await ask({
    title: t(`patient.answers.${decision}.title`),
    intro: h(
      "div",
      null,
      h("p", null, recommendationText(recommendation)),
      h("p", { class: "muted" }, t("patient.answers.decide.means")),
    ),
    fields: [by(), reason({ required: decision === "declined" })],
    confirm: t(`patient.answers.${decision}.confirm`),
    submit: async (values) => {
      const wish = { reason: null, ...body(values), decision };
      await send(`${path}/${encodeURIComponent(recommendation.recommendation_id)}`, wish);
      return values;
    },
  });
  if (given === null) return;
  const other = decision === "accepted" ? "declined" : "accepted";
  const undo = {
    words: t(`patient.answers.${other}.instead`),
    run: () => decide(other, patientId, recommendation, onAnswered),
  };
  toast(t(`patient.answers.${decision}.done`), undo);
  onAnswered();
}
