// Single letters: / search, N the page's own new thing (an element with data-key="n"), J and K through the rows of a list
// (a table with data-rows; Enter opens the row, being a link), ? this list.
// Off while typing, off in dialogs, and off altogether when the person has chosen so (then the list is not in the page).

const list = document.querySelector("[data-keys]");

const typing = (element) => element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);

const step = (by) => {
  const rows = [...document.querySelectorAll("table[data-rows] tbody th a")];
  const at = rows.indexOf(document.activeElement);
  rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1)]?.focus();
};

const actions = {
  "/": () => document.querySelector("[data-search-field]")?.focus(),
  n: () => document.querySelector('[data-key="n"]')?.click(),
  j: () => step(1),
  k: () => step(-1),
  "?": () => list.showModal(),
};

if (list) document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.repeat && !/^[jk]$/i.test(event.key)) return;
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  const action = actions[event.key.toLowerCase()];
  if (!action) return;
  event.preventDefault();
  action();
});
