// What everybody must know before they read on: a cover where nothing can be taken for now, banners for the rest.

import { fill, h, say } from "/static/js/dom.js";
import { age, clock } from "/static/js/format.js";
import { live } from "/static/js/live.js";
import { signInForm } from "/static/js/session.js";
import { onLanguage, t } from "/static/js/words.js";

const LOOK_EVERY_MS = 1_000;
const PATIENCE_MS = 6_000;

const state = { needsSession: false, shown: null };
const heading = h("h2", { id: "cover-title" });
const words = h("div", { id: "cover-words" });
const passed = h("p", { class: "cover-passed number" });
const actions = h("div", { class: "cover-actions" });
const box = h("div", { class: "cover-box" }, heading, words, passed, actions);
const labels = { "aria-labelledby": "cover-title", "aria-describedby": "cover-words" };
const cover = h("dialog", { class: "cover", role: "alertdialog", "aria-modal": "true", ...labels }, box);
const banners = h("div", { class: "banners", role: "status" });
let bannersShown = "";

/** Watches for what must be told; returns the place of the banners. */
export function startNotices() {
  document.body.append(cover);
  cover.addEventListener("cancel", (event) => event.preventDefault());
  cover.addEventListener("close", update);
  live.on("hold", update);
  live.on("state", update);
  live.on("session", () => {
    state.needsSession = true;
    update();
  });
  onLanguage(() => {
    state.shown = null;
    bannersShown = "";
    update();
  });
  setInterval(update, LOOK_EVERY_MS);
  return banners;
}

function update() {
  const reason = reasonNow();
  document.body.classList.toggle("is-held", reason !== null);
  showBanners();
  if (reason === null) return lift();
  if (reason.key !== state.shown) draw(reason);
  if (!cover.open) cover.showModal();
  say(passed, passedWords());
  return undefined;
}

function lift() {
  state.shown = null;
  if (cover.open) cover.close();
}

function reasonNow() {
  if (state.needsSession) return { key: "session" };
  if (live.silentMs() > PATIENCE_MS) return { key: live.ward === null ? "never" : "server" };
  const trouble = (live.state?.troubles ?? []).find((each) => each.covers);
  return trouble === undefined ? null : { key: trouble.kind, trouble };
}

function draw({ key }) {
  state.shown = key;
  if (key === "session") return drawSession();
  say(heading, t(`ward.cover.${key}.title`));
  fill(words, h("p", null, t(`ward.cover.${key}.words`)), h("p", null, t("ward.cover.still")));
  const retry = { click: () => live.retry() };
  const again = h("button", { type: "button", class: "button primary", on: retry }, t("ward.cover.again"));
  return fill(actions, key === "server" || key === "never" ? again : null);
}

function drawSession() {
  say(heading, t("ward.session.title"));
  fill(words, h("p", null, t("ward.session.words")));
  fill(actions, signInForm(() => {
    state.needsSession = false;
    update();
    live.retry();
  }));
}

function passedWords() {
  if (state.shown === "reading-back") return t("ward.cover.read-back", { percent: percentRead() });
  if (state.needsSession || live.ward === null || live.state?.now == null) return "";
  const asOf = t("ward.cover.as-of", { clock: clock(live.state.now, { withSeconds: true }) });
  if (live.silentMs() < PATIENCE_MS) return asOf;
  return `${asOf} ${t("ward.cover.heard", { age: age(live.silentMs() / 1000) })}`;
}

function percentRead() {
  return Math.floor(live.state.read_back * 100);
}

// --- Banners --------------------------------------------------------------------------------------------------------

function showBanners() {
  const told = (live.state?.troubles ?? []).filter((trouble) => !trouble.covers).map(bannerWords);
  const said = told.join("\n");
  if (said === bannersShown) return;
  bannersShown = said;
  const shape = () => h("span", { "aria-hidden": "true" }, "▲ ");
  fill(banners, told.map((each) => h("p", { class: "banner" }, shape(), each)));
}

function bannerWords({ kind, seconds, count }) {
  const key = kind === "skew" ? `ward.trouble.skew.${seconds > 0 ? "ahead" : "behind"}` : `ward.trouble.${kind}`;
  return t(key, { age: age(Math.abs(seconds ?? 0)), count: count ?? 0 });
}
