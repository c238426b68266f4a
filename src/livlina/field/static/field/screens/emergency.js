// Opening a door one has no right to otherwise: loud, with a reason, and never hidden.
import { button, choose, h, labelled, notice, value } from "../dom.js";
import { broken, nameOf, refusal, sealedToken, turn } from "../doorway.js";
import { wellFormed } from "../bytes.js";
import { REASONS } from "../door.js";
import { record } from "../session.js";
import { everybody, person } from "../shift.js";
import { t } from "../words.js";

let answer = /** @type {{good: boolean, words: string} | null} */ (null);

/** @param {string[]} parts a person, or nothing @param {{draw: () => Promise<void>}} with_ */
export async function emergency([who], { draw }) {
  const shown = answer;
  answer = null;
  const back = "#/today";
  const seal = sealedToken();
  if (!seal) return { title: t("emergency.title"), kind: "danger", body: [notice(t("emergency.none"), "bad")], back };
  const whoField = h("select", { name: "who" }, h("option", { value: "" }, "–"), everybody().map(([id, name]) => h("option", { value: id, selected: id === who }, name)));
  const number = h("input", { name: "lock", inputmode: "numeric", pattern: "[0-9]*", maxlength: 10 });
  const fill = () => (number.value = String(person(whoField.value).locks?.[0]?.number ?? ""));
  whoField.addEventListener("change", fill);
  fill();
  const form = h("form", {}, labelled(t("emergency.who"), whoField), labelled(t("emergency.door"), number), choose(t("emergency.reason"), "why", reasons()), labelled(t("deviation.text"), h("textarea", { name: "text", rows: 2, dir: "auto" })));
  const go = async () => {
    const why = Number(value(form, "why"));
    const lock = Number(number.value);
    if (!lock) return number.focus();
    if (!why) return form.elements.namedItem("why")[0].focus();
    if (!confirm(t("emergency.sure"))) return undefined;
    const reason = [REASONS[why], wellFormed(value(form, "text"))].filter(Boolean).join(": ");
    await open(seal, lock, whoField.value || null, why, reason);
    return draw();
  };
  const body = [notice(t("emergency.text"), "bad"), shown ? notice(shown.words, shown.good ? "good" : "bad", { role: "alert" }) : null, form];
  return { title: t("emergency.title"), kind: "danger", body, back, actions: [button(t("emergency.go"), go, "alarm")] };
}

/** The locks' own reasons, but a planned check, which is none. @returns {[string, string][]} */
function reasons() {
  const words = (/** @type {number} */ one) => (t(`door_reason.${one}`) === `door_reason.${one}` ? REASONS[one] : t(`door_reason.${one}`));
  return REASONS.map((_, one) => /** @type {[string, string]} */ ([String(one), words(one)])).filter(([one]) => !["0", "2"].includes(one));
}

/** The reason is stored before the door is tried: an opening that nobody told of does not exist.
 * @param {import("../doorway.js").Held} seal @param {number} lock @param {string | null} who @param {number} why @param {string} reason */
async function open(seal, lock, who, why, reason) {
  await record({ kind: "emergency", person: who, visit: null, body: { lock, reason, token: nameOf(seal) } });
  try {
    const unsealing = await broken(seal, why);
    await turn({ lock, action: "open", token: seal, person: who, visit: null, unsealing, reason: why });
    answer = { good: true, words: t("door.opened_text") };
  } catch (fault) {
    answer = { good: false, words: refusal(fault) };
  }
}
