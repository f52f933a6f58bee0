// The settings of this reader: language, theme, size.

import { fill, h } from "/static/js/dom.js";
import { signOutButton } from "/static/js/session.js";
import { setSize, setTheme, SIZES, size, theme, THEMES } from "/static/js/settings.js";
import { language, setLanguage, t } from "/static/js/words.js";

const LANGUAGES = [
  { value: "en", label: "English" },
  { value: "zh", label: "中文" },
];

/** A menu that opens on a click, and closes on Escape or a click elsewhere. */
export function settingsMenu() {
  const account = h("div");
  const body = h(
    "div",
    { class: "menu-body card" },
    choice("language", LANGUAGES, language(), setLanguage),
    choice("theme", named("theme", THEMES), theme(), setTheme),
    choice("size", named("size", SIZES), size(), setSize),
    h("p", { class: "hint" }, t("ward.settings.keys")),
    account,
  );
  const menu = h("details", { class: "menu" }, h("summary", { class: "button small" }, t("ward.settings.title")), body);
  menu.addEventListener("toggle", async () => {
    if (menu.open) fill(account, await signOutButton());
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  menu.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget !== null && !menu.contains(relatedTarget)) menu.open = false;
  });
  return menu;
}

document.addEventListener("pointerdown", ({ target }) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(target)) menu.open = false;
});

function named(name, values) {
  return values.map((value) => ({ value, label: t(`ward.settings.${name}.${value}`) }));
}

function choice(name, options, chosen, choose) {
  const select = h("select", { on: { change: () => choose(select.value) } });
  fill(select, options.map(({ value, label }) => h("option", { value, lang: value === "zh" ? "zh-CN" : null }, label)));
  select.value = chosen;
  return h("label", { class: "tool" }, h("span", { class: "tool-label" }, t(`ward.settings.${name}.label`)), select);
}
