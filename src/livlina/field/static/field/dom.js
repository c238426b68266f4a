// Elements made by hand: text is always text, so nothing that was written by anybody can become markup.

/** @typedef {Node | string | number | null | undefined | false | any[]} Child */

/**
 * @param {string} name with classes: "p.quiet"
 * @param {Record<string, any>} [has] attributes; a function is a listener ("onclick"); true is an empty attribute
 * @param {...Child} children
 * @returns {any} the element
 */
export function h(name, has = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const made = document.createElement(tag);
  if (classes.length) made.className = classes.join(" ");
  for (const [key, value] of Object.entries(has)) {
    if (typeof value === "function") made.addEventListener(key.slice(2), value);
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value === true ? "" : String(value));
  }
  add(made, children);
  return made;
}

/** @param {Element} to @param {Child[]} children */
export function add(to, children) {
  for (const child of children.flat(9)) {
    if (child === null || child === undefined || child === false) continue;
    to.append(child instanceof Node ? child : String(child));
  }
}

let serial = 0;
/** A labelled field. @param {string} label @param {any} field @param {string} [hint] */
export function labelled(label, field, hint = "") {
  field.id ||= `field-${(serial += 1)}`;
  const told = hint ? h("p.hint", { id: `${field.id}-hint` }, hint) : null;
  if (told) field.setAttribute("aria-describedby", told.id);
  return h("div.asked", {}, h("label", { for: field.id }, label), told, field);
}

/** A group of choices of which one is taken. @param {string} label @param {string} name @param {[string, string][]} choices value and words */
export function choose(label, name, choices, chosen = "") {
  const one = (/** @type {[string, string]} */ [value, words]) =>
    h("label.choice", {}, h("input", { type: "radio", name, value, checked: value === chosen }), h("span", {}, words));
  return h("fieldset.asked", {}, h("legend", {}, label), choices.map(one));
}

/** The value chosen in a form. @param {HTMLFormElement} form @param {string} name */
export const value = (form, name) => String(new FormData(form).get(name) ?? "").trim();

/** A button that cannot be pressed twice while it works. @param {string} words @param {(event: Event) => any} act */
export function button(words, act, kind = "main", has = {}) {
  const made = h(`button.${kind}`, { type: "button", ...has }, words);
  made.addEventListener("click", async (/** @type {Event} */ event) => {
    if (made.getAttribute("aria-busy")) return;
    made.setAttribute("aria-busy", "true");
    try {
      await act(event);
    } finally {
      made.removeAttribute("aria-busy");
    }
  });
  return made;
}

/** @param {string} words @param {string} to @param {string} [kind] */
export const link = (words, to, kind = "second") => h(`a.${kind}`, { href: to }, words);

/** @param {string} words @param {"bad" | "warn" | "good" | "info"} kind */
export const notice = (words, kind = "info", has = {}) => h(`p.notice.${kind}`, has, words);
