// Chooses the view by the address: "#/" is the ward, "#/patients/ID" one patient.

import { onLanguage } from "/static/js/words.js";

const ROUTES = [
  { pattern: /^\/patients\/([^/]+)$/, module: "/static/js/patient/view.js", names: ["patientId"] },
  { pattern: /^.*$/, module: "/static/js/ward/view.js", names: [] },
];

let place = null;
let close = () => {};
let shown = null;
let turn = 0;

/** Shows the view of the address in `container`, now and whenever the address or the language changes. */
export function startRouter(container) {
  place = container;
  window.addEventListener("hashchange", () => route());
  onLanguage(() => route({ isAnew: true }));
  route();
}

/** The parts of the address: its path, and its query as URLSearchParams. */
export function address() {
  const [path, query = ""] = location.hash.replace(/^#/, "").split("?");
  return { path: path || "/", query: new URLSearchParams(query) };
}

/** The address of a patient's view. */
export function patientAddress(patientId) {
  return `#/patients/${encodeURIComponent(patientId)}`;
}

async function route({ isAnew = false } = {}) {
  const { path, query } = address();
  if (path === shown && query.size === 0 && !isAnew) return;
  const isMove = shown !== null && path !== shown;
  shown = path;
  const mine = (turn += 1);
  const { module, params } = match(path);
  const view = await import(module);
  if (mine !== turn) return;
  close();
  place.replaceChildren();
  close = view.show(place, { ...params, query });
  if (isMove) arrive();
}

function match(path) {
  for (const { pattern, module, names } of ROUTES) {
    const found = pattern.exec(path);
    if (found) return { module, params: Object.fromEntries(names.map((name, i) => [name, decoded(found[i + 1])])) };
  }
  return { module: ROUTES.at(-1).module, params: {} };
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Begins a view at its top, unless it chose a place of its own to begin at. */
function arrive() {
  if (place !== document.activeElement && place.contains(document.activeElement)) return;
  const heading = place.querySelector("h1");
  window.scrollTo(0, 0);
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}
