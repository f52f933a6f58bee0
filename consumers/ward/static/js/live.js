// The ward as the server last told it, and whether that can still be taken for now.

import { get, Problem } from "/static/js/api.js";
import { KnownCalls } from "/static/js/known_calls.js";

const PATIENCE_MS = 6_000;
const LOOK_EVERY_MS = 1_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5_000;
const GAP_MS = 2_000;
const CATCHING_UP_MS = 3_000;

const listeners = new Map();
const rows = new Map();
const known = new KnownCalls();
let gateways = [];
let calls = [];
let source = null;
let since = null;
let waitMs = FIRST_WAIT_MS;
let reconnection = null;
let attempt = 0;
let told = null;
let knowsPast = false;
let isStarted = false;
let wasHeld = false;
let catchesUpUntil = -Infinity;

export const live = {
  /** `GET /ward` without what changes: prefix, origin, scenarios; null before it came. */
  ward: null,
  /** The newest State; null before one came. */
  state: null,

  /** One patient's row; undefined where nobody of that id is watched. */
  row: (patientId) => rows.get(patientId),
  /** All rows, in no order. */
  rows: () => [...rows.values()],
  /** Gateways with an open alert of their own. */
  gateways: () => gateways,
  /** The newest calls, the oldest first. */
  calls: () => calls,

  /**
   * Calls `listener` when something happens, and returns what ends that. "rows": a Set of patient ids changed or
   * gone; "state"; "gateways"; "calls": {fresh: [Call], missed: whether they came while nothing was heard};
   * "reset": all was loaded anew; "hold": whether what is shown can be taken for now has changed; "session": the
   * server wants a token.
   */
  on(name, listener) {
    if (!listeners.has(name)) listeners.set(name, new Set());
    listeners.get(name).add(listener);
    return () => listeners.get(name).delete(listener);
  },

  /** Event time in seconds, advanced since the last State while States come; null where it is not known. */
  now() {
    if (live.state?.now == null || told === null) return null;
    return live.state.now + Math.min(silentMs(), PATIENCE_MS) / 1000;
  },

  /** Milliseconds since the server was last heard, or since it was first asked; Infinity before that. */
  silentMs: () => silentMs(),

  /** Whether nothing shown can be taken for now: the server is silent, or says so itself. */
  isHeld: () => isHeld(),

  /** Loads the ward and follows it from then on, for as long as the page is open. */
  start() {
    if (isStarted) return;
    isStarted = true;
    hearFromNowOn();
    setInterval(look, LOOK_EVERY_MS);
    document.addEventListener("visibilitychange", look);
    connect();
  },

  /** Tries again at once, as after signing in. */
  retry() {
    waitMs = FIRST_WAIT_MS;
    connect();
  },
};

// --- Getting connected -----------------------------------------------------------------------------------------------

async function connect() {
  const mine = (attempt += 1);
  clearTimeout(reconnection);
  source?.close();
  source = null;
  try {
    const ward = since === null ? await get("/ward") : null;
    if (mine !== attempt) return;
    if (ward !== null) takeWard(ward);
    follow();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (mine !== attempt) return;
    if (error.status === 401) emit("session");
    retryLater();
  }
}

function takeWard(ward) {
  const { prefix, origin, scenarios, run, seq } = ward;
  live.ward = { prefix, origin, scenarios };
  since = `${run}.${seq}`;
  rows.clear();
  for (const row of ward.rows) rows.set(row.patient_id, row);
  gateways = ward.gateways;
  hear(ward.state);
  calls = ward.calls;
  const fresh = known.take(calls);
  emit("reset");
  if (fresh.length > 0 && knowsPast) emit("calls", { fresh, missed: true });
  knowsPast ||= ward.state.read_back >= 1;
}

function follow() {
  const stream = new EventSource(`/stream?since=${encodeURIComponent(since)}`);
  source = stream;
  const current = (handle) => (event) => {
    if (source === stream) handle(event);
  };
  stream.addEventListener("open", current(noteGap));
  stream.addEventListener("changes", current(({ data, lastEventId }) => take(JSON.parse(data), lastEventId)));
  stream.addEventListener("state", current(({ data }) => hear(JSON.parse(data))));
  stream.addEventListener("reset", current(startOver));
  stream.addEventListener("error", current(lose));
}

function noteGap() {
  if (live.state !== null && silentMs() > GAP_MS) catchesUpUntil = performance.now() + CATCHING_UP_MS;
}

function startOver() {
  since = null;
  connect();
}

async function lose() {
  source.close();
  source = null;
  retryLater();
  try {
    const session = await get("/session");
    if (session.needs_token && !session.signed_in) emit("session");
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
  }
}

function retryLater() {
  clearTimeout(reconnection);
  reconnection = setTimeout(connect, waitMs * (0.75 + Math.random() / 2));
  waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
}

// --- Taking what comes -----------------------------------------------------------------------------------------------

function take(changes, id) {
  if (id) since = id;
  const changed = new Set(changes.gone);
  for (const patientId of changes.gone) rows.delete(patientId);
  for (const row of changes.rows) {
    rows.set(row.patient_id, row);
    changed.add(row.patient_id);
  }
  if (changed.size > 0) emit("rows", changed);
  takeGateways(changes.gateways);
  takeCalls(changes.calls);
}

function takeGateways(standing) {
  const isSame = JSON.stringify(standing) === JSON.stringify(gateways);
  gateways = standing;
  if (!isSame) emit("gateways");
}

function takeCalls(told) {
  const fresh = known.take(told);
  if (fresh.length === 0) return;
  calls = [...calls, ...fresh].slice(-200);
  emit("calls", { fresh, missed: isUnseen() });
}

/** Whether nobody can have seen what comes now when it happened. */
function isUnseen() {
  return isHeld() || document.hidden || performance.now() < catchesUpUntil;
}

function hear(state) {
  live.state = state;
  hearFromNowOn();
  waitMs = FIRST_WAIT_MS;
  emit("state");
  look();
}

// --- Whether it is now -----------------------------------------------------------------------------------------------

function silentMs() {
  if (told === null) return Infinity;
  return Math.max(Date.now() - told.wall, performance.now() - told.steady);
}

function hearFromNowOn() {
  told = { wall: Date.now(), steady: performance.now() };
}

function isHeld() {
  return silentMs() > PATIENCE_MS || (live.state?.troubles ?? []).some((trouble) => trouble.covers);
}

function look() {
  const held = isHeld();
  if (held !== wasHeld) {
    wasHeld = held;
    emit("hold");
  }
  if (silentMs() > PATIENCE_MS && source !== null) startAgain();
}

function startAgain() {
  source.close();
  source = null;
  retryLater();
}

function emit(name, told) {
  for (const listener of listeners.get(name) ?? []) listener(told);
}
