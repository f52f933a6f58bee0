// Which rows are shown, and in which order: from the rows and what the reader wishes, which stands in the address.

import { PRIORITIES, UNHEARD } from "/static/js/marks.js";

export const SORTS = ["urgency", "bed", "score", "name"];

const NOTHING_WISHED = { q: "", ward: "", priority: "", alerts: false, silent: false, sort: "urgency" };

/** What the query of an address wishes; what it does not know is left out. */
export function wishOf(query) {
  const sort = query.get("sort");
  const priority = query.get("priority");
  return {
    q: query.get("q") ?? "",
    ward: query.get("ward") ?? "",
    priority: PRIORITIES.includes(priority) ? priority : "",
    alerts: query.get("alerts") === "1",
    silent: query.get("silent") === "1",
    sort: SORTS.includes(sort) ? sort : "urgency",
  };
}

/** The query of a wish, without what goes without saying. */
export function queryOf(wish) {
  const said = Object.entries(wish).filter(([name, value]) => value !== NOTHING_WISHED[name]);
  return new URLSearchParams(said.map(([name, value]) => [name, value === true ? "1" : value]));
}

/** Whether a wish leaves anybody out. */
export function isNarrow(wish) {
  return queryOf({ ...wish, sort: NOTHING_WISHED.sort }).size > 0;
}

/** The same order with nobody left out. */
export function widened(wish) {
  return { ...NOTHING_WISHED, sort: wish.sort };
}

/** The ids of the rows that a wish asks for, in its order. */
export function arranged(rows, wish) {
  const words = wish.q.toLowerCase().split(/\s+/).filter(Boolean);
  const tests = TESTS.filter(({ isWished }) => isWished(wish));
  const found = rows.filter((row) => tests.every(({ holds }) => holds(row, wish)) && matches(row, words));
  return found.sort(COMPARE[wish.sort]).map((row) => row.patient_id);
}

/** The priority of a row's most urgent open alert; null where none is open. */
export function mostUrgent(row) {
  return PRIORITIES.find((priority) => row.alerts.some((alert) => alert.priority === priority)) ?? null;
}

const TESTS = [
  { isWished: (wish) => wish.ward, holds: (row, wish) => row.ward === wish.ward },
  { isWished: (wish) => wish.priority, holds: (row, wish) => isAtLeast(row, wish.priority) },
  { isWished: (wish) => wish.alerts, holds: (row) => row.alerts.length > 0 },
  { isWished: (wish) => wish.silent, holds: (row) => UNHEARD.includes(row.signal.state) },
];

const COMPARE = {
  urgency: (a, b) => byUrgency(a, b) || byPlace(a, b),
  bed: byPlace,
  score: (a, b) => byScore(a, b) || byPlace(a, b),
  name: (a, b) => natural(sortable(a.patient_id), sortable(b.patient_id)),
};

function isAtLeast(row, priority) {
  const urgent = mostUrgent(row);
  return urgent !== null && PRIORITIES.indexOf(urgent) <= PRIORITIES.indexOf(priority);
}

function matches(row, words) {
  if (words.length === 0) return true;
  const said = `${row.patient_id} ${row.ward ?? ""} ${row.bed ?? ""} ${row.ward ?? ""}${row.bed ?? ""}`.toLowerCase();
  return words.every((word) => said.includes(word));
}

function byUrgency(a, b) {
  for (let i = 0; i < a.urgency.length; i += 1) if (a.urgency[i] !== b.urgency[i]) return b.urgency[i] - a.urgency[i];
  return 0;
}

function byScore(a, b) {
  return (b.score?.known ?? -1) - (a.score?.known ?? -1) || (b.score?.most ?? -1) - (a.score?.most ?? -1);
}

function byPlace(a, b) {
  return natural(placeKey(a), placeKey(b));
}

function placeKey(row) {
  return sortable(`${row.ward ?? "\uffff"}\u0001${row.bed ?? "\uffff"}\u0001${row.patient_id}`);
}

// --- "A2" before "A10": numbers are padded once, and what was padded is kept ----------------------------------------

const padded = new Map();
const MOST_KEPT = 10_000;

function sortable(text) {
  let found = padded.get(text);
  if (found === undefined) {
    if (padded.size >= MOST_KEPT) padded.clear();
    found = text.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(12, "0"));
    padded.set(text, found);
  }
  return found;
}

function natural(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}
