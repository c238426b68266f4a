// Single letters: / search, N the page's own new thing (an element with data-key="n"), ? this list.
// Off while typing, off in dialogs, and off altogether when the person has chosen so (then the list is not in the page).

const list = document.querySelector("[data-keys]");

const typing = (element) => element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);

const actions = {
  "/": () => document.querySelector("[data-search-field]")?.focus(),
  n: () => document.querySelector('[data-key="n"]')?.click(),
  "?": () => list.showModal(),
};

if (list) document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  const action = actions[event.key.toLowerCase()];
  if (!action) return;
  event.preventDefault();
  action();
});
