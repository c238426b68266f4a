// When the system is down at the next shift: the carer's sealed key, and the leader's screen that opens colleagues' keys.
import { leadingFor, leadKeys, nameText, nextKey, takeLeading } from "../continuation.js";
import { button, h, labelled, notice } from "../dom.js";
import { refusal, turn } from "../doorway.js";
import { moment, t } from "../words.js";
import { asText, look } from "./swap.js";

/** Said once, on the next drawing. @type {{good: boolean, words: string} | null} */
let said = null;
/** What the leader has opened in this sitting. */
let opened = "";

const told = () => {
  const words = said;
  said = null;
  return words ? notice(words.words, words.good ? "good" : "bad", { role: "alert" }) : null;
};

/** @param {(whole: string) => unknown} accept @param {HTMLElement} seen */
const scan = (accept, seen) => ("BarcodeDetector" in window ? button(t("receive.scan"), () => look(async (whole) => void (await accept(whole)), seen), "second") : null);

/** The carer's key for the next shift. @param {string[]} _ @param {{draw: () => Promise<void>}} with_ */
export async function next(_, { draw }) {
  const [title, back, key] = [t("next.title"), "#/today", await nextKey()];
  if (!key) return { title, body: [notice(t("next.none"))], back };
  const when = h("p.lead", {}, t("next.when", { from: moment(key.from), until: moment(key.until) }));
  const leading = await leadingFor(key);
  if (leading) return { title, body: [when, told(), h("p", {}, t("next.led")), key.locks.map((lock) => door(key, lock, leading, draw))], back };
  const field = h("textarea.code", { rows: 4, autocomplete: "off", spellcheck: "false" });
  const accept = async (/** @type {string} */ whole) => {
    if (!(await takeLeading(key, whole))) said = { good: false, words: t("next.wrong") };
    await draw();
  };
  const seen = h("p", { role: "status" }, "");
  const body = [when, told(), h("p", {}, t("next.text")), asText(nameText(key)), scan(accept, seen), seen, labelled(t("next.paste"), field)];
  return { title, body, back, actions: [button(t("next.take"), () => accept(field.value))] };
}

/** @param {import("../doorway.js").Held} key @param {number} lock @param {Uint8Array<ArrayBuffer>} leading @param {() => Promise<void>} draw */
function door(key, lock, leading, draw) {
  const go = async (/** @type {"open" | "lock"} */ action) => {
    try {
      await turn({ lock, action, token: key, person: null, visit: null, leading });
      said = { good: true, words: t(action === "open" ? "door.opened_text" : "door.locked") };
    } catch (fault) {
      said = { good: false, words: refusal(fault) };
    }
    await draw();
  };
  return h("section", {}, h("h2", {}, t("next.door", { number: lock })), h("div.rows", {}, button(t("door.open"), () => go("open"), "second"), button(t("door.lock"), () => go("lock"), "second")));
}

/** The leader opens colleagues' keys. @param {string[]} _ @param {{draw: () => Promise<void>}} with_ */
export async function lead(_, { draw }) {
  const [title, back] = [t("lead.title"), "#/settings"];
  if (opened) {
    const body = [notice(t("lead.show"), "good", { role: "alert" }), h("p", {}, t("lead.show_text")), asText(opened)];
    return { title, body, back, actions: [button(t("lead.more"), () => ((opened = ""), draw()), "second")] };
  }
  const field = h("textarea.code", { rows: 5, autocomplete: "off", spellcheck: "false" });
  const seen = h("p", { role: "status" }, "");
  const accept = (/** @type {string} */ whole) => (field.value = `${field.value}\n${whole}`.trim());
  const go = async () => {
    opened = (await leadKeys(field.value)) ?? "";
    if (!opened) said = { good: false, words: t("lead.wrong") };
    await draw();
  };
  return { title, body: [told(), h("p", {}, t("lead.text")), scan(accept, seen), seen, labelled(t("lead.paste"), field)], back, actions: [button(t("lead.go"), go)] };
}
