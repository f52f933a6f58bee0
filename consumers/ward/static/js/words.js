// What the page says, in the reader's language. A key's first word names its file: "ward.sort.bed" is in ward.json.

const FILES = ["common", "ward", "patient"];
const LANGUAGES = ["en", "zh"];
const REMEMBERED = "vigil.language";

const books = { en: {}, zh: {} };
const listeners = new Set();
let chosen = "en";

/** Loads all words and chooses the language: the one remembered, else the browser's. */
export async function loadWords() {
  await Promise.all(LANGUAGES.flatMap((each) => FILES.map((file) => load(each, file))));
  const remembered = localStorage.getItem(REMEMBERED);
  apply(LANGUAGES.includes(remembered) ? remembered : preferred());
}

/** The language chosen: "en" or "zh". */
export function language() {
  return chosen;
}

/** The tag of the language for `lang` and for Intl. */
export function locale() {
  return chosen === "zh" ? "zh-CN" : "en-GB";
}

/** Chooses a language, remembers it and tells who listens. */
export function setLanguage(wanted) {
  localStorage.setItem(REMEMBERED, wanted);
  apply(wanted);
  for (const listener of listeners) listener(wanted);
}

/** Calls `listener` when another language is chosen; returns what ends that. */
export function onLanguage(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * The words of a key, `{name}` in them replaced by `values.name`. Words that depend on a number are an object of
 * "one" and "other", chosen by `values.count`. What is missing in a language is said in English.
 */
export function t(key, values = {}) {
  const found = find(books[chosen], key) ?? find(books.en, key) ?? key;
  const words = typeof found === "string" ? found : numbered(found, values.count);
  return words.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** Whether there are words for a key. */
export function has(key) {
  return find(books.en, key) !== undefined;
}

function find(book, key) {
  let found = book;
  for (const step of key.split(".")) {
    if (typeof found !== "object" || !Object.hasOwn(found, step)) return undefined;
    found = found[step];
  }
  return found;
}

function numbered(forms, count) {
  return forms[new Intl.PluralRules(locale()).select(count ?? 0)] ?? forms.other;
}

async function load(each, file) {
  const response = await fetch(`/static/words/${each}/${file}.json`);
  if (!response.ok) throw new Error(`words/${each}/${file}.json: ${response.status}`);
  books[each][file] = await response.json();
}

function preferred() {
  return (navigator.languages ?? []).some((tag) => tag.toLowerCase().startsWith("zh")) ? "zh" : "en";
}

function apply(wanted) {
  chosen = wanted;
  document.documentElement.lang = locale();
}
