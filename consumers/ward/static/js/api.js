// Asks the server, and makes one kind of error of whatever goes wrong.

import { t } from "/static/js/words.js";

/**
 * What went wrong: the server's problem in `title` and `detail`, with `status` 0 where it was not reached; `errors` are
 * the fields that can't be taken, as {field, detail}.
 */
export class Problem extends Error {
  constructor({ status, title, detail = "", result = null, errors = [], isFinal = false }) {
    super(detail ? `${title}: ${detail}` : title);
    this.name = "Problem";
    this.status = status;
    this.title = title;
    this.detail = detail;
    this.result = result;
    this.errors = errors;
    this.isFinal = isFinal;
  }
}

const GET_PATIENCE_MS = 15_000;
const POST_PATIENCE_MS = 60_000;

/** Gets and decodes JSON; throws a Problem. */
export function get(path) {
  return ask(path, { method: "GET", signal: AbortSignal.timeout(GET_PATIENCE_MS) });
}

/** Posts a body as JSON and decodes the answer; throws a Problem. */
export function post(path, body) {
  return ask(path, {
    method: "POST",
    signal: AbortSignal.timeout(POST_PATIENCE_MS),
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

/** Deletes; throws a Problem. */
export function remove(path) {
  return ask(path, { method: "DELETE", signal: AbortSignal.timeout(GET_PATIENCE_MS) });
}

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, { ...options, credentials: "same-origin", cache: "no-cache" });
  } catch (error) {
    throw new Problem({ status: 0, title: t("common.problem.unreached"), detail: error.message });
  }
  const said = await decoded(response);
  if (!response.ok) throw refusal(response, said);
  return said;
}

async function decoded(response) {
  try {
    const text = await response.text();
    return text ? JSON.parse(text) : null;
  } catch {
    throw new Problem({ status: response.status, title: t("common.problem.garbled") });
  }
}

function refusal(response, said) {
  const title = said?.title ?? (response.statusText || t("common.problem.refused"));
  return new Problem({ status: response.status, title, detail: said?.detail, result: said?.result, errors: said?.errors });
}
