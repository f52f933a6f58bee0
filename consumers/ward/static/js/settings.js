// What this reader chose to see: theme and size. It stays in this browser.

const THEME = "vigil.theme";
const SIZE = "vigil.size";

export const THEMES = ["auto", "light", "dark"];
export const SIZES = ["normal", "wall"];

/** The theme chosen: "auto", "light" or "dark". */
export function theme() {
  return remembered(THEME, THEMES);
}

/** Chooses a theme and remembers it. */
export function setTheme(wanted) {
  localStorage.setItem(THEME, wanted);
  applySettings();
}

/** The size chosen: "normal", or "wall" to be read from afar. */
export function size() {
  return remembered(SIZE, SIZES);
}

/** Chooses a size and remembers it. */
export function setSize(wanted) {
  localStorage.setItem(SIZE, wanted);
  applySettings();
}

/** Puts what was chosen in force. */
export function applySettings() {
  document.documentElement.dataset.theme = theme();
  document.documentElement.dataset.size = size();
}

function remembered(name, known) {
  const found = localStorage.getItem(name);
  return known.includes(found) ? found : known[0];
}
