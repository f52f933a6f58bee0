// Sends what a person answers, and never claims more of it than is known.

import { post, Problem } from "/static/js/api.js";
import { live } from "/static/js/live.js";
import { t } from "/static/js/words.js";

const UNKNOWN = [0, 200, 503, 504];

/**
 * Posts an answer. Throws a Problem that says in its title what that means: nothing was sent while the page is covered,
 * the workers refused, or it is not known whether it counts.
 */
export async function send(path, body) {
  if (live.isHeld()) {
    throw new Problem({ status: 0, title: t("patient.answers.held"), detail: t("patient.answers.heldDetail") });
  }
  try {
    return await post(path, body);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    throw explained(problem);
  }
}

/** The same problem with what it means for who answered; `errors` by field stay with it. */
function explained(problem) {
  const isUnknown = UNKNOWN.includes(problem.status);
  const title = isUnknown ? t("patient.answers.unknown") : t("patient.answers.refused");
  const server = problem.result?.detail ?? (problem.detail || problem.title);
  const detail = isUnknown ? `${server} ${t("patient.answers.unknownDetail")}` : server;
  return new Problem({ status: problem.status, title, detail, result: problem.result, errors: problem.errors });
}
