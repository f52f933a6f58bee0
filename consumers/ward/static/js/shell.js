// What stands around every view: header, notices, footer.

import { startAnnouncing } from "/static/js/announce.js";
import { fill, h, mark, say } from "/static/js/dom.js";
import { age, clock, number } from "/static/js/format.js";
import { live } from "/static/js/live.js";
import { settingsMenu } from "/static/js/menu.js";
import { startMissed } from "/static/js/missed.js";
import { startNotices } from "/static/js/notice.js";
import { sound, startSound } from "/static/js/sound.js";
import { onLanguage, t } from "/static/js/words.js";

const SOUND_SHAPES = { on: "♪", off: "✕", blocked: "✕" };

/** Builds the shell in the page and returns where views go. */
export function buildShell() {
  const skip = h("a", { class: "skip-link", href: "#main" });
  const header = h("header", { class: "header" });
  const main = h("main", { id: "main", tabindex: "-1" });
  const footer = h("footer", { class: "footer" });
  document.body.replaceChildren(skip, header, h("div", { class: "notices" }), main, footer, ...startAnnouncing());
  fill(document.querySelector(".notices"), startNotices(), startMissed());
  startSound();
  skip.addEventListener("click", (event) => {
    event.preventDefault();
    main.focus();
  });
  const draw = () => {
    say(skip, t("ward.skip"));
    drawHeader(header);
    drawFooter(footer);
  };
  onLanguage(draw);
  draw();
  return main;
}

let ends = [];

function drawHeader(header) {
  const origin = h("span", { class: "origin" });
  const time = h("span", { class: "now number" });
  const button = h("button", { type: "button", class: "button small sound", on: { click: () => sound.toggle() } });
  const sayAll = () => {
    sayOrigin(origin);
    sayTime(time);
  };
  const saySound = () => {
    const state = sound.state();
    mark(button, "aria-pressed", String(state === "on"));
    mark(button, "class", `button small sound sound-${state}`);
    fill(button, h("span", { "aria-hidden": "true" }, SOUND_SHAPES[state]), h("span", null, t(`ward.sound.${state}`)));
  };
  ends.forEach((end) => end());
  const timer = setInterval(sayAll, 1_000);
  ends = ["state", "reset", "hold"].map((name) => live.on(name, sayAll));
  ends.push(() => clearInterval(timer), sound.on(saySound));
  sayAll();
  saySound();
  const brand = h("a", { class: "brand", href: "#/" }, t("common.name"));
  fill(header, brand, origin, time, h("div", { class: "header-tools" }, button, settingsMenu()));
}

function sayOrigin(node) {
  const origin = live.ward?.origin;
  node.hidden = origin === undefined;
  mark(node, "class", `origin origin-${origin ?? "none"}`);
  if (origin !== undefined) say(node, t(`common.origin.${origin}`));
}

function sayTime(node) {
  if (live.state?.now == null) return say(node, "");
  const at = clock(live.now(), { withSeconds: true });
  if (live.isHeld()) return say(node, t("ward.time.held", { clock: at }));
  return say(node, t("ward.time.now", { clock: at }));
}

function drawFooter(footer) {
  const assists = h("strong", null, t("common.assists"));
  const figures = h("span", { class: "figures number" });
  const sayFigures = () => say(figures, live.state === null ? "" : figuresOf(live.state));
  ends.push(live.on("state", sayFigures));
  sayFigures();
  fill(footer, assists, " ", figures);
}

function figuresOf(state) {
  const said = [t("ward.figures.rate", { rate: number(state.readings_per_second, 0) })];
  if (state.history_from !== null && state.now !== null) {
    said.push(t("ward.figures.history", { age: age(state.now - state.history_from) }));
  }
  if (state.lag !== null) said.push(t("ward.figures.lag", { count: number(state.lag) }));
  said.push(t("ward.figures.dead-letters", { count: number(state.dead_letters) }));
  return said.join(" · ");
}
