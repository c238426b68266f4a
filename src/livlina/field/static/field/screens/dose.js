// Signing a medicine: given or not, with the person's name large, and a loud warning when it was signed before.
import { button, choose, h, labelled, notice, value } from "../dom.js";
import { wellFormed } from "../bytes.js";
import { record } from "../session.js";
import { person, signed, visit as find } from "../shift.js";
import { t, time } from "../words.js";

/** @param {string[]} parts the visit, and the dose (or the task, when needed) */
export async function dose([visitId, doseId]) {
  const one = find(visitId);
  const held = one?.doses?.find((/** @type {any} */ dose) => (dose.id ?? dose.task) === doseId);
  if (!held) return { title: t("visit.gone"), body: [], back: "#/today" };
  const before = signed(held);
  const form = h("form", {}, choose(t("dose.given_question"), "given", [["yes", t("dose.given")], ["no", t("dose.not_given")]]), labelled(t("dose.amount"), h("input", { name: "amount", maxlength: 60, value: held.amount ?? "" })), labelled(t("dose.reason"), h("input", { name: "reason", maxlength: 200, list: "why" }), t("dose.reason_hint")), h("datalist", { id: "why" }, ["declined", "asleep", "away", "lacking"].map((why) => h("option", { value: t(`dose.${why}`) }))), held.as_needed ? labelled(t("dose.effect"), h("input", { name: "effect", maxlength: 200 })) : null, held.narcotic ? labelled(t("dose.witness"), h("input", { name: "witness", maxlength: 160 })) : null);
  const sign = async () => {
    const given = value(form, "given");
    if (!given) return form.elements.namedItem("given")[0].focus();
    if (given === "no" && !value(form, "reason")) return form.elements.namedItem("reason").focus();
    if (given === "yes" && before?.given && !confirm(t("dose.sure_double", { at: time(before.at) }))) return undefined;
    const said = (/** @type {string} */ name) => wellFormed(value(form, name));
    const body = { dose: held.id ?? null, task: held.task, given: given === "yes", amount: said("amount"), reason: said("reason"), effect: said("effect"), witness: said("witness") };
    await record({ kind: "dose", person: one.person, visit: one.id, body });
    location.hash = `#/visit/${one.id}`;
    return undefined;
  };
  const due = Date.parse(held.due_at ?? "");
  const outside = due && held.window && Math.abs(Date.now() - due) > held.window * 60_000;
  const body = [
    h("p.big", {}, person(one.person).name),
    h("p.lead", {}, [held.what, held.amount, held.as_needed ? t("dose.as_needed") : time(held.due_at)].filter(Boolean).join(" · ")),
    held.how ? h("p", {}, held.how) : null,
    before ? notice(t(before.given ? "dose.already" : "dose.already_not", { at: time(before.at) }), "bad", { role: "alert" }) : null,
    outside ? notice(t("dose.outside", { at: time(held.due_at), minutes: held.window }), "warn") : null,
    form,
  ];
  return { title: t("dose.title"), body, back: `#/visit/${one.id}`, actions: [button(t("dose.sign"), sign)] };
}
