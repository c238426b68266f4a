// A deviation in two taps: what kind, and saved. Words can be added before, or later.
import { button, h, labelled, notice } from "../dom.js";
import { wellFormed } from "../bytes.js";
import { record } from "../session.js";
import { everybody, person, reasons, visit as find } from "../shift.js";
import { t } from "../words.js";

/** @param {string[]} parts a visit, or nothing */
export async function deviation([id]) {
  const one = id ? find(id) : null;
  const text = h("textarea", { rows: 3, dir: "auto" });
  const who = one ? null : h("select", {}, h("option", { value: "" }, t("deviation.nobody")), everybody().map(([key, name]) => h("option", { value: key }, name)));
  const report = async (/** @type {string} */ kind) => {
    const about = one?.person ?? who?.value ?? "";
    await record({ kind: "deviation", person: about || null, visit: one?.id ?? null, body: { kind, text: wellFormed(text.value).trim() } });
    location.hash = one ? `#/visit/${one.id}` : "#/today";
  };
  const body = [
    one ? h("p.lead", {}, person(one.person).name) : labelled(t("deviation.who"), who),
    labelled(t("deviation.text"), text),
    h("p", { id: "tap" }, t("deviation.tap")),
    h("div.stack", {}, reasons("deviation").map(([kind, words]) => button(words, () => report(kind), "second"))),
    notice(t("deviation.serious")),
  ];
  return { title: t("deviation.title"), body, back: one ? `#/visit/${one.id}` : "#/today" };
}
