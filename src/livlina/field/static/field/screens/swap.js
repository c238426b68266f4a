// Handing a visit to a colleague, and taking one: pictures between two phones, or text, with no net.
import { button, choose, h, labelled, link, notice, value } from "../dom.js";
import { gather, give, handed, NotTaken, pictures, take } from "../handing.js";
import { session } from "../session.js";
import { person, visit as find } from "../shift.js";
import { correction, generate } from "../vendor/lean-qr.min.js";
import { t, time } from "../words.js";

/** @param {string[]} parts a visit @param {{draw: () => Promise<void>}} with_ */
export async function swap([id, at], { draw }) {
  const one = find(id);
  if (!one) return { title: t("visit.gone"), body: [], back: "#/today" };
  const before = await handed(id);
  if (before) return showing(id, before, Number(at ?? 1));
  const colleagues = (session.pack.colleagues ?? []).filter((/** @type {any} */ held) => held.phone_id && held.phone_id !== session.me.phone);
  const back = `#/visit/${id}`;
  if (!colleagues.length) return { title: t("swap.title"), body: [notice(t("swap.no_colleagues"), "warn")], back };
  const names = colleagues.map((/** @type {any} */ held) => [held.phone_id, [held.name, held.title].filter(Boolean).join(", ")]);
  const form = h("form", {}, choose(t("swap.to"), "to", names));
  const go = async () => {
    const colleague = colleagues.find((/** @type {any} */ held) => held.phone_id === value(form, "to"));
    if (!colleague) return;
    await give(one, colleague);
    await draw();
  };
  return { title: t("swap.title"), body: [h("p.lead", {}, `${person(one.person).name}, ${time(one.starts_at)}`), h("p", {}, t("swap.text")), form], back, actions: [button(t("swap.give"), go)] };
}

/** @param {string} id @param {{whole: string, name: string}} held @param {number} at */
function showing(id, { whole, name }, at) {
  const parts = pictures(whole);
  const more = parts.length > 1 ? link(t("swap.next"), `#/swap/${id}/${(at % parts.length) + 1}`, "second") : null;
  const body = [h("p", {}, t("swap.show_text")), picture(parts[at - 1] ?? parts[0], t("swap.part", { part: at, parts: parts.length })), h("p.quiet", {}, t("swap.part", { part: at, parts: parts.length })), written(whole)];
  return { title: t("swap.show", { name }), body, back: "#/today", actions: [more, link(t("swap.done"), "#/today", "main")] };
}

/** A text that can be copied. @param {string} whole */
function written(whole) {
  const field = h("textarea.code", { rows: 4, readonly: true, "aria-label": t("swap.as_text") }, whole);
  const copy = async () => {
    await navigator.clipboard.writeText(whole).catch(() => field.select());
    words.textContent = t("swap.copied");
  };
  const words = h("p", { role: "status" }, "");
  return h("details", {}, h("summary", {}, t("swap.as_text")), field, button(t("swap.copy"), copy, "second"), words);
}

/** A text as pictures, all at once, and to be copied. @param {string} whole */
export function asText(whole) {
  const parts = pictures(whole);
  return h("div", {}, parts.map((one, at) => picture(one, t("swap.part", { part: at + 1, parts: parts.length }))), written(whole));
}

/** @param {string} words @param {string} told @returns {HTMLCanvasElement} */
function picture(words, told) {
  const code = generate(words, { minCorrectionLevel: correction.L, maxCorrectionLevel: correction.M });
  const [edge, dot] = [4, 6];
  const size = (code.size + 2 * edge) * dot;
  const canvas = h("canvas.qr", { width: size, height: size, role: "img", "aria-label": told });
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, size, size);
  pen.fillStyle = "#000";
  for (let y = 0; y < code.size; y += 1) for (let x = 0; x < code.size; x += 1) if (code.get(x, y)) pen.fillRect((x + edge) * dot, (y + edge) * dot, dot, dot);
  return canvas;
}

let said = "";

/** @param {string[]} _ @param {{draw: () => Promise<void>}} with_ */
export async function receive(_, { draw }) {
  const words = said;
  said = "";
  const field = h("textarea.code", { rows: 5, autocomplete: "off", spellcheck: "false" });
  const accept = async (/** @type {string} */ whole) => {
    try {
      const told = await take(whole);
      location.hash = `#/visit/${told.visit.id}`;
    } catch (fault) {
      said = t(`receive.${fault instanceof NotTaken ? fault.code : "not_ours"}`);
      await draw();
    }
  };
  const scan = "BarcodeDetector" in window ? button(t("receive.scan"), () => look(accept, told), "second") : null;
  const told = h("p", { role: "status" }, "");
  const body = [words ? notice(words, "bad", { role: "alert" }) : null, h("p", {}, t("receive.text")), scan, told, labelled(t("receive.paste"), field)];
  return { title: t("receive.title"), body, back: "#/today", actions: [button(t("receive.take"), () => accept(field.value))] };
}

/** Read pictures with the camera until all have been seen. @param {(whole: string) => Promise<void>} accept @param {HTMLElement} told */
export async function look(accept, told) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  const eye = h("video.eye", { autoplay: true, playsinline: true, muted: true });
  eye.srcObject = stream;
  told.after(eye);
  const Detector = /** @type {any} */ (window).BarcodeDetector;
  const reader = new Detector({ formats: ["qr_code"] });
  const held = new Map();
  const stop = () => stream.getTracks().forEach((track) => track.stop());
  const read = async () => {
    if (!eye.isConnected) return stop();
    for (const found of await reader.detect(eye).catch(() => [])) {
      const { whole, all } = gather(held, found.rawValue);
      told.textContent = t("receive.scanned", { count: held.size, all });
      if (whole) {
        stop();
        eye.remove();
        return accept(whole);
      }
    }
    setTimeout(read, 150);
    return undefined;
  };
  return read();
}
