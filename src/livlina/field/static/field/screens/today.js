// The day: every visit of the shift in order, the next one large.
import { nextKey } from "../continuation.js";
import { h, button, link, notice } from "../dom.js";
import { Away } from "../net.js";
import { facts } from "../pack.js";
import { fetchPack, session } from "../session.js";
import { address, isOver, person, unsigned, visits } from "../shift.js";
import { day, moment, t, time } from "../words.js";

/** @param {string[]} _ @param {{draw: () => Promise<void>}} with_ */
export async function today(_, { draw }) {
  const links = h("nav.rows", { "aria-label": t("today.more") }, link(t("receive.title"), "#/receive"), link(t("otherwise.extra"), "#/otherwise/extra"), link(t("deviation.title"), "#/deviation"), link(t("emergency.title"), "#/emergency", "second danger"), link(t("waiting.title"), "#/waiting"), (await nextKey()) ? link(t("next.title"), "#/next") : null, link(t("settings.title"), "#/settings"), h("a.second", { href: "/field/lathund" }, t("today.lathund")));
  if (!session.pack) return { title: t("today.title"), body: [without(), links], actions: [button(t("today.fetch"), () => fetch_(draw))] };
  const all = visits();
  const next = all.find((one) => !isOver(one));
  const held = await facts();
  const body = [
    h("p.lead", {}, `${day(session.pack.shift.from)}, ${time(session.pack.shift.from)}–${time(session.pack.shift.to)}`),
    session.needsSignIn ? notice(t("today.sign_in_again"), "warn") : null,
    Object.values(session.changes).filter((one) => one.gone).map((one) => notice(t("today.gone", { name: one.gone, at: time(one.was) }), "warn")),
    all.length ? h("ol.visits", {}, all.map((one) => card(one, one === next))) : notice(t("today.none")),
    numbers(),
    h("p.quiet", {}, t("today.age", { at: moment(held?.made ?? Date.now()), until: moment(held?.until ?? Date.now()) })),
    button(t("today.fetch"), () => fetch_(draw), "second"),
    links,
  ];
  return { title: t("today.hello", { name: session.pack.carer.name.split(" ")[0] }), body, actions: next ? [link(next.state === "begun" ? t("today.go_on") : t("today.next", { name: person(next.person).name }), `#/visit/${next.id}`, "main")] : [] };
}

const without = () => notice(session.why || t("today.no_shift"), "warn", { role: "alert" });

/** @param {() => Promise<void>} draw */
async function fetch_(draw) {
  try {
    const how = await fetchPack();
    if (how === "signed_out") location.hash = "#/settings/sign-in";
  } catch (fault) {
    session.why = t(fault instanceof Away ? "today.away" : "opening.forged");
  }
  await draw();
}

/** What the planner has changed of a visit, in words, or nothing. @param {any} one @returns {string} */
export function changed(one) {
  const held = session.changes[one.id];
  if (held?.added) return t("visit.added");
  if (held?.was && !held.gone) return t("visit.moved_from", { at: time(held.was) });
  return one.changed ? t("visit.changed") : "";
}

/** @param {any} one @param {boolean} next */
function card(one, next) {
  const who = person(one.person);
  const marks = [];
  if (changed(one)) marks.push(h("span.mark.warn", {}, changed(one)));
  if (one.from) marks.push(h("span.mark.good", {}, t("visit.from", { name: one.from })));
  if (one.double) marks.push(h("span.mark", {}, t("visit.double")));
  if (unsigned(one).length && !isOver(one)) marks.push(h("span.mark", {}, t("visit.medicine")));
  if (who.protected) marks.push(h("span.mark.bad", {}, t("visit.protected")));
  return h(`li${next ? ".next" : ""}${isOver(one) ? ".over" : ""}`, {}, h("a.card", { href: `#/visit/${one.id}` }, h("span.when", {}, h("span.time", {}, time(one.starts_at)), one.state === "planned" ? null : h(`span.state.${one.state}`, {}, t(`state.${one.state}`))), h("span.who", {}, h("strong", {}, who.name), h("span", {}, one.title), next ? h("span.quiet", {}, address(who, one)) : null, marks)));
}

function numbers() {
  const held = session.pack.numbers ?? [];
  if (!held.length) return null;
  return h("section", {}, h("h2", {}, t("today.numbers")), h("div.rows", {}, held.map((/** @type {any} */ one) => call(one.name, one.number))));
}

/** @param {string} name @param {string} number */
export const call = (name, number) => h("a.second", { href: `tel:${number.replace(/[^\d+]/g, "")}` }, `${name} `, h("bdi", {}, number));
