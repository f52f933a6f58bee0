// Enter by hand: the fields that the server tells, its judgement at each field, and what became of the reading.

import { get, Problem } from "/static/js/api.js";
import { fill, h, mark } from "/static/js/dom.js";
import { live } from "/static/js/live.js";
import { has, t } from "/static/js/words.js";

import { send } from "./answers/sending.js";

const NAME = "vigil.by";
const [FLOW, ACVPU] = ["oxygen_flow", "acvpu"];
const LETTERS = ["A", "C", "V", "P", "U"];
const NO_FLOW = "0";

/** Asks for what was measured of a patient and sends it; `onEntered` is called once it is on the log. */
export async function enterByHand(patientId, onEntered) {
  let told;
  try {
    told = await get("/forms");
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    return shown(patientId, [h("p", { class: "dialog-error", role: "alert" }, problem.message)]);
  }
  return shown(patientId, form(patientId, told, onEntered));
}

function shown(patientId, content) {
  const opener = document.activeElement;
  const close = h(
    "button",
    { type: "button", class: "button", on: { click: () => dialog.close() } },
    t("common.close"),
  );
  const dialog = h(
    "dialog",
    { class: "dialog entry", "aria-labelledby": "entry-title" },
    h("h2", { id: "entry-title" }, t("patient.entry.title", { patient: patientId })),
    content,
    h("div", { class: "dialog-buttons" }, close),
  );
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (opener?.isConnected) opener.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
}

function form(patientId, told, onEntered) {
  const fields = told.map(field);
  const by = line("by", t("patient.entry.by"), { required: true, maxlength: 256 });
  by.input.value = sessionStorage.getItem(NAME) ?? "";
  const at = whenField();
  const error = h("div", { class: "dialog-error", role: "alert" });
  const done = h("div", { class: "entry-done", role: "status" });
  const button = h("button", { type: "submit", class: "button primary" }, t("patient.entry.confirm"));
  const node = h(
    "form",
    { novalidate: true, autocomplete: "off" },
    h("p", { class: "muted" }, t("patient.entry.means")),
    h("div", { class: "entry-fields" }, by.node, at.node, fields.map((each) => each.node)),
    error,
    done,
    h("div", { class: "dialog-buttons" }, button),
  );
  const all = [by, at, ...fields];
  node.addEventListener("submit", async (event) => {
    event.preventDefault();
    for (const each of all) each.complain(null);
    fill(error);
    fill(done);
    const entry = given(by, fields, at);
    const lacking = complaint(entry, by, fields, at);
    if (lacking) return lacking();
    button.disabled = true;
    try {
      const entered = await send(`/patients/${encodeURIComponent(patientId)}/readings`, entry);
      sessionStorage.setItem(NAME, entry.by);
      fill(done, enteredNodes(entered));
      done.scrollIntoView({ block: "nearest" });
      for (const each of fields) each.clear();
      onEntered();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      complain(problem, all, error);
    } finally {
      button.disabled = false;
    }
  });
  return node;
}

function given(by, fields, at) {
  const values = Object.fromEntries(fields.map((each) => [each.name, each.read()]).filter(([, value]) => value !== ""));
  return { by: by.read(), values, at: at.read() };
}

/** What keeps an entry from being sent, as what says so; null where nothing does. */
function complaint(entry, by, fields, at) {
  const faulty = (field, words) => () => {
    field.complain(words);
    field.input.focus();
  };
  if (!entry.by) return faulty(by, t("patient.entry.needsBy"));
  if (Object.keys(entry.values).length === 0) return faulty(fields[0], t("patient.entry.needsValue"));
  if (entry.at === "") return faulty(at, t("patient.entry.needsTime"));
  return null;
}

function complain(problem, fields, error) {
  fill(error, h("strong", null, problem.title), " ", problem.detail);
  let first = null;
  for (const { field: name, detail } of problem.errors ?? []) {
    const found = fields.find((each) => name === each.name || name?.endsWith(`.${each.name}`));
    found?.complain(detail);
    first ??= found;
  }
  first?.input.focus();
}

function enteredNodes(entered) {
  return [
    h("p", null, h("strong", null, t(entered.assessed ? "patient.entry.assessed" : "patient.entry.notAssessed"))),
    h("ul", null, entered.said.map((each) => h("li", { lang: "en" }, each))),
  ];
}

// --- Fields ----------------------------------------------------------------------------------------------------------

function field(told) {
  const title = has(`patient.entry.fields.${told.name}`) ? t(`patient.entry.fields.${told.name}`) : told.title;
  const hint = has(`patient.entry.forms.${told.name}`) ? t(`patient.entry.forms.${told.name}`) : told.form;
  if (told.name === ACVPU) return letters(told.name, title, hint);
  const made = line(
    told.name,
    title,
    { maxlength: 64, inputmode: told.name === "glucose" || told.name === "pressure" ? "text" : "decimal" },
    hint,
  );
  return told.name === FLOW ? withAir(made) : made;
}

function line(name, title, attributes, hint = null) {
  const input = h("input", { id: `entry-${name}`, name, type: "text", ...attributes });
  return complaining(name, title, input, hint);
}

function complaining(name, title, input, hint, more = null) {
  const said = h("p", { class: "field-error", id: `entry-${name}-error` });
  const hinted = hint && h("p", { class: "hint", id: `entry-${name}-hint` }, hint);
  const described = [hinted?.id, said.id].filter(Boolean).join(" ");
  input.setAttribute("aria-describedby", described);
  return {
    name,
    input,
    node: h("div", { class: "field" }, h("label", { for: input.id }, title), input, more, hinted, said),
    read: () => input.value.trim(),
    clear: () => (input.value = ""),
    complain: (words) => {
      fill(said, words);
      mark(input, "aria-invalid", words ? "true" : null);
    },
  };
}

function letters(name, title, hint) {
  const options = LETTERS.map(
    (letter) => h("option", { value: letter }, `${letter} · ${t(`patient.coded.${letter}`)}`),
  );
  const input = h(
    "select",
    { id: `entry-${name}`, name },
    h("option", { value: "" }, t("patient.entry.notMeasured")),
    options,
  );
  return complaining(name, title, input, hint);
}

function withAir(made) {
  const box = h("input", { type: "checkbox", id: "entry-air" });
  const label = h("label", { class: "choice", for: "entry-air" }, box, " ", t("patient.entry.air"));
  made.node.append(label);
  box.addEventListener("change", () => {
    made.input.disabled = box.checked;
    made.input.value = box.checked ? NO_FLOW : "";
  });
  const clear = made.clear;
  return {
    ...made,
    clear: () => {
      clear();
      box.checked = false;
      made.input.disabled = false;
    },
  };
}

/** When it was measured: empty is now. Reads RFC 3339, null for now, "" for what is no time. */
function whenField() {
  const input = h("input", { id: "entry-at", name: "at", type: "datetime-local", step: "60" });
  const made = complaining("at", t("patient.entry.at"), input, t("patient.entry.atHint"));
  const latest = new Date(((live.now() ?? Date.now() / 1000) - new Date().getTimezoneOffset() * 60) * 1000);
  input.max = latest.toISOString().slice(0, 16);
  return {
    ...made,
    read: () => {
      if (input.validity.badInput) return "";
      return input.value ? new Date(input.value).toISOString() : null;
    },
  };
}
