// Writing a note, mending one's own, and moving one that was written about the wrong person.
import { button, choose, h, labelled, notice, value } from "../dom.js";
import { drafts } from "../drafts.js";
import { wellFormed } from "../bytes.js";
import { stamp } from "../clock.js";
import { record } from "../session.js";
import { deeds, everybody, person, visit as find } from "../shift.js";
import { t, time } from "../words.js";

/** @param {string[]} parts the visit, and the note that is mended */
export async function note([visitId, noteId]) {
  const one = find(visitId);
  if (!one) return { title: t("visit.gone"), body: [notice(t("visit.gone_text"), "warn")], back: "#/today" };
  return noteId ? mend(one, noteId) : write(one);
}

/** @param {any} one */
async function write(one) {
  const draft = await drafts(`note-${one.id}`);
  const field = h("textarea", { rows: 7, maxlength: 4000, dir: "auto" }, draft.value.text ?? "");
  const began = draft.value.at ?? stamp();
  field.addEventListener("input", () => draft.set({ text: field.value, at: began }));
  const save = async () => {
    const text = wellFormed(field.value).trim();
    if (!text) return field.focus();
    await record({ kind: "note", person: one.person, visit: one.id, body: { text, event_at: began } });
    await draft.drop();
    location.hash = `#/visit/${one.id}`;
  };
  const body = [h("p.lead", {}, `${person(one.person).name} · ${one.title}`), labelled(t("note.text"), field, t("note.hint", { at: time(began) }))];
  return { title: t("note.title"), body, back: `#/visit/${one.id}`, actions: [button(t("note.save"), save)] };
}

/** @param {any} one @param {string} noteId */
async function mend(one, noteId) {
  const held = deeds("note", (deed) => deed.id === noteId)[0];
  if (!held) return { title: t("visit.gone"), body: [], back: `#/visit/${one.id}` };
  const text = h("textarea", { rows: 6, dir: "auto", name: "text" }, held.body.text);
  const reason = h("input", { name: "reason", maxlength: 200 });
  const others = everybody().filter(([id]) => id !== one.person);
  const form = h("form", {}, labelled(t("note.text"), text), labelled(t("note.reason"), reason), h("details", {}, h("summary", {}, t("note.wrong_person")), h("p", {}, t("note.wrong_person_text")), choose(t("note.right_person"), "right", others)));
  const save = async () => {
    const right = value(form, "right");
    const why = wellFormed(value(form, "reason")) || t("note.mistyped");
    if (right) await record({ kind: "wrong_person", person: one.person, visit: one.id, body: { event: noteId, right_person: right, reason: why } });
    else await record({ kind: "correct_note", person: one.person, visit: one.id, body: { note: noteId, text: wellFormed(text.value).trim(), reason: why } });
    location.hash = `#/visit/${one.id}`;
  };
  return { title: t("note.correct"), body: [h("p", {}, t("note.correct_text")), form], back: `#/visit/${one.id}`, actions: [button(t("note.save"), save)] };
}
