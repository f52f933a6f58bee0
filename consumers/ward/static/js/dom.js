// Builds elements; text only ever becomes a text node, so nothing that a record says is read as markup.

/**
 * Builds an element: `props` are attributes (null, undefined and false are left out, true is a bare one), `class`,
 * `dataset` and `on: {click: fn}`; `children` are nodes, strings, numbers, or lists of them.
 */
export function h(tag, props, ...children) {
  return furnished(document.createElement(tag), props, children);
}

/** Puts these children in place of whatever `element` holds. */
export function fill(element, ...children) {
  element.replaceChildren(...present(children));
  return element;
}

/** Sets an element's text, touching nothing where it says so already. */
export function say(element, text) {
  const said = String(text);
  if (element.textContent !== said) element.textContent = said;
}

/** Sets an attribute, or takes it away where `value` is null, undefined or false. */
export function mark(element, name, value) {
  const isAbsent = value === null || value === undefined || value === false;
  if (isAbsent) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
    return;
  }
  const wanted = value === true ? "" : String(value);
  if (element.getAttribute(name) !== wanted) element.setAttribute(name, wanted);
}

function furnished(element, props, children) {
  const { on = {}, dataset = {}, ...attributes } = props ?? {};
  for (const [name, value] of Object.entries(attributes)) mark(element, name, value);
  for (const [name, value] of Object.entries(dataset)) element.dataset[name] = value;
  for (const [name, listener] of Object.entries(on)) element.addEventListener(name, listener);
  element.append(...present(children));
  return element;
}

function present(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}
