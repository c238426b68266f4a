// One visit: who, the way in, what to mind, what to do, what has been written, and the door.
import { h, button, link, notice } from "../dom.js";
import { record } from "../session.js";
import { address, isOver, lastOf, notes, person, signed, visit as find } from "../shift.js";
import { drafts } from "../drafts.js";
import { moment, t, time } from "../words.js";
import { call, changed } from "./today.js";

/** @param {string[]} parts @param {{draw: () => Promise<void>}} with_ */
export async function visit([id], { draw }) {
  const one = find(id);
  if (!one) return { title: t("visit.gone"), body: [notice(t("visit.gone_text"), "warn")], back: "#/today", actions: [link(t("today.title"), "#/today", "main")] };
  const who = person(one.person);
  const draft = await drafts(`visit-${id}`);
  const body = [
    h("p.lead", {}, `${time(one.starts_at)} · ${t("visit.minutes", { minutes: one.minutes })} · ${one.title} · `, h("strong", {}, t(`state.${one.state}`))),
    changed(one) ? notice(changed(one), "warn") : null,
    one.starts_at !== one.planned_at ? notice(t("visit.moved", { at: time(one.planned_at) }), "warn") : null,
    one.double ? notice(t("visit.double_with", { names: one.carers.map((/** @type {any} */ carer) => carer.name).join(", ") })) : null,
    (who.warnings ?? []).map((/** @type {string} */ words) => notice(words, "bad")),
    todo(one, draft),
    medicine(one),
    wayIn(one, who),
    plan(who),
    contacts(who),
    written(one),
    links(one),
  ];
  return { title: who.name, body, back: "#/today", actions: actions(one, who, draw) };
}

/** @param {any} one @param {any} who @param {() => Promise<void>} draw */
function actions(one, who, draw) {
  if (isOver(one)) return [link(t("visit.write"), `#/note/${one.id}`, "second"), link(t("today.title"), "#/today", "main")];
  const door = (who.locks ?? []).map((/** @type {any} */ lock) => link(who.locks.length > 1 ? t("visit.door_at", { place: lock.place }) : t("visit.door"), `#/door/${one.id}/${lock.number}`, one.state === "begun" ? "second" : "main"));
  if (one.state === "begun") return [link(t("visit.write"), `#/note/${one.id}`, "second"), ...door, link(t("visit.finish"), `#/finish/${one.id}`, "main")];
  const arrive = button(t("visit.arrive"), () => checkIn(one, null).then(draw), door.length ? "second" : "main");
  return [arrive, ...door];
}

/** Note that she came. The door does it too, with the lock's own time. @param {any} one @param {string | null} lockAt */
export async function checkIn(one, lockAt) {
  if (lastOf(one.id, "check_in")) return;
  await record({ kind: "check_in", person: one.person, visit: one.id, body: lockAt ? { lock_at: lockAt } : {} });
}

/** @param {any} one @param {import("../drafts.js").Draft} draft */
function todo(one, draft) {
  if (!one.tasks?.length) return null;
  const out = lastOf(one.id, "check_out");
  const done = new Set(out ? out.body.done : (draft.value.done ?? []));
  const row = (/** @type {any} */ task) => {
    const box = h("input", { type: "checkbox", checked: done.has(task.id), disabled: isOver(one) });
    box.addEventListener("change", () => {
      if (box.checked) done.add(task.id);
      else done.delete(task.id);
      draft.set({ ...draft.value, done: [...done] });
    });
    return h("label.tick", {}, box, h("span", {}, h("strong", {}, task.what), task.how ? h("span.quiet", {}, task.how) : null));
  };
  return h("section", {}, h("h2", {}, t("visit.todo")), one.tasks.map(row));
}

/** @param {any} one */
function medicine(one) {
  if (!one.doses?.length) return null;
  return h("section", {}, h("h2", {}, t("visit.doses")), one.doses.map((/** @type {any} */ dose) => doseRow(one, dose)));
}

/** @param {any} one @param {any} dose */
function doseRow(one, dose) {
  const done = signed(dose);
  const words = h("span", {}, h("strong", {}, dose.what), h("span.quiet", {}, [dose.amount, dose.as_needed ? t("dose.as_needed") : time(dose.due_at), dose.how].filter(Boolean).join(" · ")));
  const state = done ? h(`span.state.${done.given ? "done" : "missed"}`, {}, t(done.given ? "dose.given_at" : "dose.not_given_at", { at: time(done.at) })) : null;
  return h("div.dose", {}, words, state, link(done ? t("dose.again") : t("dose.sign"), `#/dose/${one.id}/${dose.id ?? dose.task}`, "second"));
}

/** @param {any} one @param {any} who */
function wayIn(one, who) {
  const where = address(who, one);
  const shown = where ? h("p.big", {}, where) : who.protected ? notice(t("visit.hidden_address"), "warn") : null;
  return h("section", {}, h("h2", {}, t("visit.way_in")), shown, who.entry ? h("p", {}, who.entry) : null, who.phone ? h("div.rows", {}, call(t("visit.call", { name: who.name.split(" ")[0] }), who.phone)) : null);
}

/** @param {any} who */
function plan(who) {
  if (!who.plan?.goal && !who.plan?.wishes) return null;
  return folded(t("visit.plan"), h("p", {}, who.plan.goal), who.plan.wishes ? [h("h3", {}, t("visit.wishes")), h("p", {}, who.plan.wishes)] : null);
}

/** @param {any} who */
function contacts(who) {
  if (!who.contacts?.length) return null;
  return folded(t("visit.contacts"), h("div.rows", {}, who.contacts.map((/** @type {any} */ one) => call(`${one.name}${one.relation ? `, ${one.relation}` : ""}`, one.phone ?? ""))));
}

/** @param {string} words @param {...import("../dom.js").Child} held */
const folded = (words, ...held) => h("details", {}, h("summary", {}, words), held);

/** @param {any} one */
function written(one) {
  const held = notes(one.person);
  if (!held.length) return h("section", {}, h("h2", {}, t("visit.notes")), h("p.quiet", {}, t("visit.no_notes")));
  const row = (/** @type {any} */ note) => {
    const meta = [moment(note.at), note.author, note.own ? t(`sent.${note.own.state}`) : null].filter(Boolean).join(" · ");
    const text = note.struck ? [h("del", {}, note.text), h("p.pre", {}, note.struck.body.text)] : h("p.pre", {}, note.text);
    const mend = note.own && !note.struck ? link(t("note.correct"), `#/note/${one.id}/${note.id}`, "small") : null;
    return h("li.note", {}, h("p.quiet", {}, meta), text, mend);
  };
  const rows = held.map(row);
  return h("section", {}, h("h2", {}, t("visit.notes")), h("ul.plain", {}, rows.slice(0, 5)), rows.length > 5 ? folded(t("visit.older"), h("ul.plain", {}, rows.slice(5))) : null);
}

/** @param {any} one */
function links(one) {
  const open = !isOver(one);
  return h("nav.rows", { "aria-label": t("today.more") }, one.state === "given" ? link(t("swap.show_again"), `#/swap/${one.id}`) : null, open ? [link(t("swap.title"), `#/swap/${one.id}`), link(t("otherwise.title"), `#/otherwise/${one.id}`)] : null, link(t("deviation.title"), `#/deviation/${one.id}`), link(t("emergency.title"), `#/emergency/${one.person}`, "second danger"));
}
