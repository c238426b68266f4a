// Ending a visit: what was done, why something was not, and what medicine is still unsigned.
import { button, h, labelled, link, notice, value } from "../dom.js";
import { drafts } from "../drafts.js";
import { wellFormed } from "../bytes.js";
import { record } from "../session.js";
import { lastOf, person, unsigned, visit as find } from "../shift.js";
import { checkIn } from "./visit.js";
import { t, time } from "../words.js";

/** @param {string[]} parts */
export async function finish([id]) {
  const one = find(id);
  if (!one || lastOf(id, "check_out")) return { title: t("visit.gone"), body: [], back: "#/today", actions: [link(t("today.title"), "#/today", "main")] };
  const draft = await drafts(`visit-${id}`);
  const done = new Set(draft.value.done ?? []);
  const left = (one.tasks ?? []).filter((/** @type {any} */ task) => !done.has(task.id));
  const doses = unsigned(one);
  const why = (/** @type {any} */ task) => labelled(t("finish.why_not", { what: task.what }), h("input", { name: `why-${task.id}`, maxlength: 200, list: "reasons" }));
  const reasons = h("datalist", { id: "reasons" }, ["self", "declined", "tired", "other_time"].map((one) => h("option", { value: t(`finish.${one}`) })));
  const text = h("textarea", { rows: 3, name: "text", dir: "auto" });
  const form = h("form", {}, left.map(why), reasons, labelled(t("finish.text"), text, t("finish.text_hint")));
  const end = async () => {
    const missing = left.find((/** @type {any} */ task) => !value(form, `why-${task.id}`));
    if (missing) return form.elements.namedItem(`why-${missing.id}`).focus();
    await checkIn(one, null);
    const not_done = left.map((/** @type {any} */ task) => ({ id: task.id, reason: wellFormed(value(form, `why-${task.id}`)) }));
    await record({ kind: "check_out", person: one.person, visit: id, body: { done: [...done], not_done, text: wellFormed(value(form, "text")) } });
    await draft.drop();
    location.hash = "#/today";
  };
  const unsignedWords = doses.map((/** @type {any} */ dose) => notice(t("finish.unsigned", { what: dose.what, at: time(dose.due_at) }), "bad"));
  const many = t("finish.done", { done: done.size, all: (one.tasks ?? []).length });
  return { title: t("finish.title", { name: person(one.person).name }), body: [one.tasks?.length ? h("p.lead", {}, many) : null, unsignedWords, form], back: `#/visit/${id}`, actions: [button(t("finish.end"), end)] };
}
