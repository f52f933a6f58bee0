// Asks a person for something in a native dialog: labelled fields, Escape, and what the server said where it refused.

import { Problem } from "/static/js/api.js";
import { fill, h } from "/static/js/dom.js";
import { t } from "/static/js/words.js";

const NAME = "vigil.by";

/**
 * Asks, and resolves to what `submit(values)` resolves to, or to null where the person thought better of it.
 *
 * `fields` are {name, label, type, value, hint, required, most, options}: `type` is "text" (default), "password",
 * "number", "textarea", "select" or "radio"; `options` are {value, label}. `values` are by name, "" where left empty.
 * A field named "by" is who answers, remembered until the tab is closed. A Problem of `submit` is told in the dialog,
 * which stays open; after one that `isFinal` it can only be closed. `intro` is a node or text above the fields; `tone` "danger" marks what has consequences.
 */
export function ask({ title, intro = null, fields = [], confirm, submit, tone = "" }) {
  const opener = document.activeElement;
  const heading = `dialog-${(counter += 1)}`;
  const inputs = fields.map((field) => built(field, `${heading}-${field.name}`));
  const error = h("p", { class: "dialog-error", role: "alert" });
  const send = h("button", { type: "submit", class: tone === "danger" ? "button danger" : "button primary" }, confirm);
  const cancel = h("button", { type: "button", class: "button" }, t("common.cancel"));
  const form = h(
    "form",
    { method: "dialog", novalidate: false },
    h("h2", { id: heading }, title),
    intro && h("div", { class: "dialog-intro" }, intro),
    inputs.map((input) => input.node),
    error,
    h("div", { class: "dialog-buttons" }, cancel, send),
  );
  const dialog = h("dialog", { class: "dialog", "aria-labelledby": heading }, form);

  return new Promise((resolve) => {
    let answer = null;
    const close = () => {
      send.hidden = true;
      fill(cancel, t("common.close"));
      cancel.focus();
    };
    cancel.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (opener?.isConnected) opener.focus();
      resolve(answer);
    });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      send.disabled = true;
      fill(error);
      try {
        answer = (await submit(values(inputs))) ?? true;
        remember(inputs);
        dialog.close();
      } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        fill(error, h("strong", null, problem.title), problem.detail ? ` ${problem.detail}` : "");
        if (problem.isFinal) close();
      } finally {
        send.disabled = false;
      }
    });
    document.body.append(dialog);
    dialog.showModal();
    focusFirst(inputs, send);
  });
}

let counter = 0;

function values(inputs) {
  return Object.fromEntries(inputs.map((input) => [input.name, input.read()]));
}

function remember(inputs) {
  const by = inputs.find((input) => input.name === "by")?.read();
  if (by) sessionStorage.setItem(NAME, by);
}

function focusFirst(inputs, send) {
  const empty = inputs.find((input) => input.focusable && !input.read()) ?? inputs.find((input) => input.focusable);
  (empty?.focusable ?? send).focus();
}

// --- Fields ---------------------------------------------------------------------------------------------------------

function built(field, id) {
  return (BUILDERS[field.type] ?? single)(field, id);
}

const BUILDERS = { textarea: single, select: chosen, radio: oneOf };

function single(field, id) {
  const remembered = field.name === "by" ? sessionStorage.getItem(NAME) : null;
  const tag = field.type === "textarea" ? "textarea" : "input";
  const input = h(tag, {
    id,
    name: field.name,
    type: tag === "input" ? (field.type ?? "text") : null,
    rows: tag === "textarea" ? 3 : null,
    required: field.required,
    maxlength: field.most ?? 256,
    autocomplete: field.type === "password" ? "current-password" : "off",
    "aria-describedby": field.hint ? `${id}-hint` : null,
  });
  input.value = field.value ?? remembered ?? "";
  return { name: field.name, node: labelled(field, id, input), focusable: input, read: () => input.value.trim() };
}

function chosen(field, id) {
  const options = field.options.map((each) => h("option", { value: each.value }, each.label));
  const select = h("select", { id, name: field.name, required: field.required }, options);
  if (field.value !== undefined) select.value = field.value;
  return { name: field.name, node: labelled(field, id, select), focusable: select, read: () => select.value };
}

function oneOf(field, id) {
  const radios = field.options.map((each) => radio(field, each));
  const node = h(
    "fieldset",
    { class: "field", id },
    h("legend", null, field.label),
    radios.map(({ label }) => label),
    hint(field, id),
  );
  const picked = () => radios.find(({ input }) => input.checked)?.input;
  return { name: field.name, node, focusable: picked() ?? radios[0]?.input, read: () => picked()?.value ?? "" };
}

function radio(field, each) {
  const input = h("input", { type: "radio", name: field.name, value: each.value, required: field.required });
  input.checked = each.value === field.value;
  return { input, label: h("label", { class: "choice" }, input, " ", each.label) };
}

function labelled(field, id, input) {
  const optional = field.required ? null : h("span", { class: "optional" }, ` ${t("common.optional")}`);
  return h("div", { class: "field" }, h("label", { for: id }, field.label, optional), input, hint(field, id));
}

function hint(field, id) {
  return field.hint ? h("p", { class: "hint", id: `${id}-hint` }, field.hint) : null;
}
