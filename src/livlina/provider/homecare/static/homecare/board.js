// The board by drag and by arrow keys. It fills one form and sends it: the server decides, and says what does not fit.
// Where a visit lies while it is moved is said by classes that columns.css already holds.

const STEP = 5;
const board = document.querySelector(".hc-board");
const form = document.querySelector("[data-place]");
const said = document.querySelector("[data-said]");
const first = Number(board?.dataset.first ?? 0) * 60;
/** @type {{card: HTMLElement, row: HTMLElement, from: HTMLElement, column: number, sibling: Node | null, home: Node} | null} */
let moving = null;

const rows = () => [...board.querySelectorAll(".hc-row[data-carer]")];
const clock = (column) => {
  const minutes = first + (column - 1) * STEP;
  return [Math.floor(minutes / 60) % 24, minutes % 60].map((part) => String(part).padStart(2, "0")).join(":");
};
const nameOf = (row) => row.querySelector("h2").textContent;

function show(card, column) {
  for (const name of [...card.classList]) if (/^hc-s\d+$/.test(name)) card.classList.remove(name);
  card.classList.add(`hc-s${column}`);
}

function send(card, from, to, column) {
  const unmoved = column === Number(card.dataset.column);
  if (unmoved && from === to) return;
  form.elements.visit.value = card.dataset.visit;
  form.elements.at.value = unmoved ? "" : clock(column);
  form.elements.giver.value = from.dataset.carer;
  form.elements.taker.value = to.dataset.carer;
  form.submit();
}

// Arrow keys ----------------------------------------------------------------------------------------------------------

function begin(card) {
  const row = card.closest(".hc-row");
  moving = { card, row, from: row, column: Number(card.dataset.column), sibling: card.nextSibling, home: card.parentNode };
  card.dataset.moving = "";
}

function stop(back) {
  const { card, home, sibling } = moving;
  delete card.dataset.moving;
  if (back) {
    home.insertBefore(card, sibling);
    show(card, card.dataset.column);
    card.querySelector("a").focus();
  }
  moving = null;
}

function step(key) {
  const all = rows();
  if (key === "ArrowLeft") moving.column = Math.max(1, moving.column - 1);
  if (key === "ArrowRight") moving.column += 1;
  const turn = { ArrowUp: -1, ArrowDown: 1 }[key] ?? 0;
  if (turn) {
    const next = all[all.indexOf(moving.row) + turn];
    if (next) moving.row = next;
    moving.row.querySelector(".hc-cards").append(moving.card);
  }
  show(moving.card, moving.column);
  moving.card.querySelector("a").focus();
  moving.card.scrollIntoView({ block: "nearest", inline: "nearest" });
  said.textContent = `${clock(moving.column)}, ${nameOf(moving.row)}. Enter sparar, Escape ångrar.`;
}

function pressed(event) {
  const card = event.target.closest?.("[data-visit]");
  if (!card || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key.startsWith("Arrow")) {
    event.preventDefault();
    if (!moving) begin(card);
    step(event.key);
  } else if (moving && event.key === "Enter") {
    event.preventDefault();
    const { from, row, column } = moving;
    stop(false);
    send(card, from, row, column);
  } else if (moving && event.key === "Escape") {
    event.preventDefault();
    stop(true);
    said.textContent = "Ångrat.";
  }
}

// Drag ----------------------------------------------------------------------------------------------------------------

let dragged = null;

function taken(event) {
  const card = event.target.closest?.("[data-visit]");
  if (!card) return;
  const grip = event.clientX - card.getBoundingClientRect().left;
  dragged = { card, from: card.closest(".hc-row"), grip };
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", card.dataset.visit);
}

function over(event) {
  const row = event.target.closest?.(".hc-row[data-carer]");
  if (!dragged || !row) return;
  event.preventDefault();
  for (const other of rows()) other.toggleAttribute("data-over", other === row);
}

function dropped(event) {
  const row = event.target.closest?.(".hc-row[data-carer]");
  if (!dragged || !row) return;
  event.preventDefault();
  const grid = row.querySelector(".hc-cards");
  const box = grid.getBoundingClientRect();
  const wide = parseFloat(getComputedStyle(grid).gridTemplateColumns);
  const column = Math.max(1, Math.round((event.clientX - dragged.grip - box.left) / wide) + 1);
  const { card, from } = dragged;
  show(card, column);
  grid.append(card);
  send(card, from, row, column);
}

function let_go() {
  dragged = null;
  for (const row of rows()) row.removeAttribute("data-over");
}

if (board && form) {
  for (const link of board.querySelectorAll("[data-visit] > a")) link.draggable = false;
  board.addEventListener("keydown", pressed);
  board.addEventListener("focusout", (event) => {
    if (moving && event.relatedTarget && !moving.card.contains(event.relatedTarget)) stop(true);
  });
  board.addEventListener("dragstart", taken);
  board.addEventListener("dragover", over);
  board.addEventListener("drop", dropped);
  board.addEventListener("dragend", let_go);
}
