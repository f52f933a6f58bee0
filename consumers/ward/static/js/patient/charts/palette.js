// The colours of the charts, as the style sheet has them for the theme in force.

const found = new Map();
let probe = null;

/** The colour `--chart-NAME` as canvas takes it. */
export function colour(name) {
  if (!found.has(name)) found.set(name, resolved(`var(--chart-${name})`));
  return found.get(name);
}

/** The font of what is written on charts, at this size in CSS pixels. */
export function font(pixels, ratio = 1) {
  return `${Math.round(pixels * ratio)}px system-ui, sans-serif`;
}

/** Calls `listener` once another theme is in force; returns what ends that. */
export function onTheme(listener) {
  const renewed = () => {
    found.clear();
    listener();
  };
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const watcher = new MutationObserver(renewed);
  dark.addEventListener("change", renewed);
  watcher.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "class", "style"] });
  return () => {
    dark.removeEventListener("change", renewed);
    watcher.disconnect();
  };
}

function resolved(words) {
  if (probe === null) {
    probe = document.createElement("span");
    probe.hidden = true;
  }
  if (!probe.isConnected) document.body.append(probe);
  probe.style.color = words;
  return getComputedStyle(probe).color;
}
