// What this reader chose: language, theme, sound. It stays in this browser.

const THEME = "vigil.theme";
const listeners = new Set();

/** The theme chosen: "auto", "light" or "dark". */
export function theme() {
  return localStorage.getItem(THEME) ?? "auto";
}

/** Chooses a theme and remembers it. */
export function setTheme(wanted) {
  localStorage.setItem(THEME, wanted);
  applyTheme();
  for (const listener of listeners) listener();
}

/** Puts the theme chosen in force. */
export function applyTheme() {
  document.documentElement.dataset.theme = theme();
}

/** A colour of css/base.css as the browser paints it now, for what draws on a canvas: `colour("--high")`. */
export function colour(token) {
  const probe = document.createElement("span");
  probe.style.color = `var(${token})`;
  document.body.append(probe);
  const painted = getComputedStyle(probe).color;
  probe.remove();
  return painted;
}

/** Calls `listener` when the page becomes dark or light; returns what ends that. */
export function onTheme(listener) {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  listeners.add(listener);
  dark.addEventListener("change", listener);
  return () => {
    listeners.delete(listener);
    dark.removeEventListener("change", listener);
  };
}
