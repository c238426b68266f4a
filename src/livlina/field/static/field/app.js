// The app: which screen is shown, the bar that says how it stands, and the lock that falls after five minutes.
import { setBack } from "./clock.js";
import { h } from "./dom.js";
import { onReach, state } from "./net.js";
import { rows } from "./outbox.js";
import { facts, wipeIfOver } from "./pack.js";
import { idle, lock, onFresh, refresh, reload, session, standing, touch, wind } from "./session.js";
import { onTold, persistent } from "./store.js";
import { begin as beginSync, onSent } from "./sync.js";
import { begin as beginWords, count, t, time } from "./words.js";
import { screens } from "./screens/all.js";

const OPEN_TO_ALL = new Set(["waiting", "settings"]);
const LIVE = new Set(["today", "waiting", "visit"]);
const FRESH = 10 * 60_000; // milliseconds a pack is not asked for again
const OLD = 30 * 60_000; // an event that has waited so long is worth telling of
let safe = true;
let shown = 0;
let seen = { name: "", how: "" }; // the screen that stands there, and how the phone stood when it was drawn

/** @returns {{name: string, parts: string[]}} */
function asked() {
  const [name, ...parts] = location.hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
  return { name: name || "today", parts };
}

/** Draw the screen the address names, or the one that must come before it. @param {boolean} [quietly] where one was */
async function draw(quietly = false) {
  const turn = (shown += 1);
  await wipeIfOver();
  const how = await standing();
  const { name, parts } = asked();
  const wanted = how === "open" || OPEN_TO_ALL.has(name) ? name : "opening";
  const make = screens[wanted] ?? screens.today;
  const screen = await make(parts, { draw: () => draw(), how });
  if (turn !== shown) return;
  seen = { name: wanted, how };
  await place(screen, quietly);
}

/** @param {any} screen @param {boolean} quietly */
async function place(screen, quietly) {
  const [at, on] = [scrollY, document.activeElement?.getAttribute("href")];
  const heading = h("h1", { tabindex: "-1" }, screen.title);
  const back = screen.back ? h("a.back", { href: screen.back }, t("back")) : null;
  const top = h("header.top", {}, await bar(), h("div.title", {}, back, heading));
  const main = h("main", { id: "main" }, screen.body);
  const foot = screen.actions?.length ? h("footer.actions", {}, screen.actions) : null;
  document.body.className = screen.kind ?? "";
  document.title = `${screen.title} – Livlina`;
  document.body.replaceChildren(...[top, main, foot].filter((one) => one !== null));
  if (!quietly) heading.focus({ preventScroll: true });
  else if (on) /** @type {HTMLElement | null} */ (document.querySelector(`a[href="${CSS.escape(on)}"]`))?.focus({ preventScroll: true });
  scrollTo(0, quietly ? at : 0);
}

/** The bar of words: the net, what waits, and what is wrong. */
async function bar() {
  const box = h("div.bar", { role: "status", id: "bar" });
  await fillBar(box);
  return box;
}

/** @param {Element} box */
async function fillBar(box) {
  const left = (await rows()).filter((row) => row.state === "waiting");
  const kind = state.reach === "reached" || state.reach === "unknown" ? "" : ".away";
  const words = [netWords(left.length)];
  const oldest = left.length && Date.now() - Date.parse(left[0].at) > OLD;
  if (oldest) words.push(t("bar.oldest", { at: time(left[0].at) }));
  const line = h(`a.net${kind}${left.length ? ".waits" : ""}`, { href: "#/waiting" }, words.join(" "));
  const wrong = [];
  if (!safe && session.me) wrong.push(h("a.wrong", { href: "#/settings" }, t("bar.may_clear")));
  if (setBack()) wrong.push(h("p.wrong", {}, t("bar.clock")));
  if (session.demo) wrong.push(h("p.demo", {}, t("bar.demo")));
  const quiet = !session.me && !left.length && !kind;
  box.replaceChildren(...(quiet ? [] : [line]), ...wrong);
}

/** @param {number} left */
function netWords(left) {
  const waits = left ? count("bar.waits", left) : "";
  if (state.reach === "no_net") return `${t("bar.no_net")} ${waits || t("bar.work_on")}`;
  if (state.reach === "no_answer") return `${t("bar.no_answer")} ${waits || t("bar.work_on")}`;
  return waits ? count("bar.sending", left) : t("bar.all_received");
}

async function refill() {
  const box = document.getElementById("bar");
  if (box) await fillBar(box);
}

/** What was received, or came from another tab, is shown where it can be seen at once; a code half typed is left alone. */
async function heard() {
  await reload();
  await refill();
  const typing = document.activeElement?.matches("input, textarea, select");
  const changed = (await standing()) !== seen.how;
  if ((changed || LIVE.has(seen.name)) && !typing && !document.querySelector("[aria-busy]")) await draw(true);
}

async function watch() {
  if (idle()) {
    lock();
    await draw();
  } else if (await wipeIfOver()) {
    await reload();
    await draw();
  }
}

async function freshen() {
  const held = await facts();
  if (session.opened && (!held || Date.now() - Date.parse(held.made) > FRESH)) await refresh();
}

async function begin() {
  const facts = document.querySelector("meta[name=field]");
  session.bridge = facts?.getAttribute("data-bridge") ?? "";
  session.demo = facts?.hasAttribute("data-demo") ?? false;
  beginWords();
  document.documentElement.dataset.look = localStorage.getItem("field-look") ?? "";
  await wind();
  safe = await persistent();
  await draw();
  for (const what of ["pointerdown", "keydown"]) addEventListener(what, touch, { passive: true });
  addEventListener("hashchange", () => draw());
  onReach(refill);
  onTold(heard);
  onFresh(heard);
  onSent(async () => {
    if (state.reach === "reached") await freshen();
    await heard();
  });
  setInterval(watch, 5_000);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && watch());
  beginSync();
  if ("serviceWorker" in navigator) await navigator.serviceWorker.register("/field/sw.js", { scope: "/field/" });
}

begin();
