// One door: the phone proves itself to the lock, and says in words what the lock answered. No server is asked.
import { button, h, link, notice } from "../dom.js";
import { refusal, tokenFor, turn } from "../doorway.js";
import { person, visit as find } from "../shift.js";
import { t } from "../words.js";
import { checkIn } from "./visit.js";

/** What a lock last answered, shown once. @type {{lock: number, good: boolean, words: string} | null} */
let answer = null;

/** @param {string[]} parts the visit and the lock's number @param {{draw: () => Promise<void>}} with_ */
export async function door([visitId, number], { draw }) {
  const one = find(visitId);
  const lock = Number(number);
  const who = one ? person(one.person) : null;
  const held = who?.locks?.find((/** @type {any} */ found) => found.number === lock);
  if (!one || !held) return { title: t("visit.gone"), body: [], back: "#/today" };
  const said = answer?.lock === lock ? answer : null;
  answer = null;
  const body = [
    h("p.big", {}, who.name),
    h("p.lead", {}, held.place),
    said ? notice(said.words, said.good ? "good" : "bad", { role: "alert" }) : h("p", {}, t("door.near")),
  ];
  const go = (/** @type {"open" | "lock"} */ action) => act(one, lock, action).then(draw);
  const close = button(t("door.lock"), () => go("lock"), "second");
  const open = button(t("door.open"), () => go("open"), said?.good ? "second" : "main");
  const actions = said?.good ? [close, open, link(t("door.to_visit"), `#/visit/${visitId}`, "main")] : [close, open];
  return { title: t("door.title"), body, back: `#/visit/${visitId}`, actions };
}

/** @param {any} one @param {number} lock @param {"open" | "lock"} action */
async function act(one, lock, action) {
  try {
    const at = await turn({ lock, action, token: tokenFor(lock), person: one.person, visit: one.id });
    if (action === "open" && one.state === "planned") await checkIn(one, at);
    answer = { lock, good: true, words: t(action === "open" ? "door.opened_text" : "door.locked") };
  } catch (fault) {
    answer = { lock, good: false, words: refusal(fault) };
  }
}
