// What the shift looks like to its carer: the pack as it came, and what she has done since, laid over it.
import { now } from "./clock.js";
import { session } from "./session.js";
import { say } from "./words.js";

/** @param {string} kind @param {(deed: any) => boolean} [fits] @returns {any[]} */
export const deeds = (kind, fits = () => true) => session.deeds.filter((deed) => deed.kind === kind && fits(deed));

/** @param {string} visit @param {string} kind @returns {any} the last such event of a visit */
export const lastOf = (visit, kind) => deeds(kind, (deed) => deed.visit === visit).at(-1) ?? null;

/** @param {string} id @returns {any} what is known of a person */
export function person(id) {
  const handed = session.taken.find((one) => one.visit.person === id);
  return session.pack?.persons[id] ?? handed?.person ?? { name: "", warnings: [], contacts: [], notes: [], locks: [] };
}

/** @returns {any[]} the visits to make, in the order of the day */
export function visits() {
  if (!session.pack) return [];
  const given = new Set(deeds("swap", (deed) => deed.body.to && deed.body.to !== session.me.phone).map((deed) => deed.visit));
  const needed = session.pack.nursing ?? [];
  const doses = (/** @type {any} */ one) => [...(one.doses ?? []), ...needed.filter((/** @type {any} */ task) => task.person === one.person)];
  const planned = session.pack.visits.map((/** @type {any} */ one) => ({ ...one, doses: doses(one), given: given.has(one.id) }));
  const known = new Set(planned.map((/** @type {any} */ one) => one.id));
  const taken = session.taken.map((one) => ({ ...one.visit, from: one.from.name })).filter((one) => !known.has(one.id));
  const made = deeds("extra");
  const own = (/** @type {any} */ one) => one.kind === "extra" && made.some((deed) => deed.person === one.person && deed.body.starts_at === one.starts_at);
  const others = planned.filter((/** @type {any} */ one) => !own(one)); // one's own extra visit comes back under another id
  return [...others, ...taken, ...made.map(extraVisit)].map(overlaid).sort((a, b) => (a.starts_at < b.starts_at ? -1 : 1));
}

/** @param {any} deed */
function extraVisit(deed) {
  const { starts_at, minutes, reason } = deed.body;
  return { id: deed.id, person: deed.person, starts_at, minutes, title: say(`reason.${reason}`, session.pack.words?.extra?.[reason] ?? reason), state: "planned", kind: "extra", carers: [], tasks: [], doses: [] };
}

/** @param {any} visit */
function overlaid(visit) {
  const told = lastOf(visit.id, "moved"); // until a newer shift says when
  const moved = told && (told.state === "waiting" || told.at > session.pack.made_at) ? told : null;
  const steps = ["check_in", "check_out", "not_home", "missed"].map((kind) => lastOf(visit.id, kind)).filter(Boolean);
  const last = steps.sort((a, b) => a.seq - b.seq).at(-1);
  const names = /** @type {Record<string, string>} */ ({ check_in: "begun", check_out: "done", not_home: "not_home", missed: "missed" });
  const state = visit.given ? "given" : last ? names[last.kind] : visit.state;
  return { ...visit, state, starts_at: moved ? moved.body.starts_at : visit.starts_at, planned_at: visit.starts_at };
}

/** @param {string} id @returns {any} */
export const visit = (id) => visits().find((one) => one.id === id) ?? null;
export const isOver = (/** @type {any} */ one) => ["done", "missed", "not_home", "cancelled", "given"].includes(one.state);

/** The address, if it may be shown now: that of a protected person only around the visit. @param {any} who @param {any} [visit] */
export function address(who, visit) {
  const held = visit?.address ?? who.address;
  if (!held || typeof held === "string") return held ?? "";
  return now() >= Date.parse(held.from) && now() <= Date.parse(held.until) ? held.address : "";
}

/** Notes about a person, newest first: those of the pack, and one's own since. @param {string} id @returns {any[]} */
export function notes(id) {
  const mine = deeds("note", (deed) => deed.person === id);
  const told = (/** @type {any} */ one) => mine.some((deed) => deed.body.event_at === one.at && deed.body.text.startsWith(one.text.replace(/ …$/, "")));
  const held = (person(id).notes ?? []).filter((/** @type {any} */ one) => !told(one)); // one's own come back in the pack
  const own = mine.map((deed) => ({
    id: deed.id,
    at: deed.body.event_at,
    author: session.pack.carer.name,
    text: deed.body.text,
    own: deed,
    struck: deeds("correct_note", (one) => one.body.note === deed.id).at(-1) ?? null,
  }));
  return [...own, ...held].sort((a, b) => (a.at < b.at ? 1 : -1));
}

/** Whether a dose has been signed, here or at the municipality. @param {any} dose @returns {{given: boolean, at: string, mine: boolean} | null} */
export function signed(dose) {
  const deed = deeds("dose", (one) => dose.id && one.body.dose === dose.id).at(-1);
  if (deed) return { given: deed.body.given, at: deed.at, mine: true };
  if (["given", "not_given"].includes(dose.state)) return { given: dose.state === "given", at: dose.due_at, mine: false };
  return null;
}

/** What is still to be given at a visit. @param {any} one */
export const unsigned = (one) => (one.doses ?? []).filter((/** @type {any} */ dose) => !dose.as_needed && !signed(dose));

/** A visit taken over from a colleague brings its door tokens. @returns {any[]} */
export function tokens() {
  return [...(session.pack?.tokens ?? []), ...session.taken.flatMap((one) => one.tokens ?? [])];
}

/** Whom an alarm, an extra visit or a deviation may be about. @returns {[string, string][]} */
export function everybody() {
  const held = Object.entries(session.pack?.persons ?? {});
  const pairs = held.map(([id, who]) => /** @type {[string, string]} */ ([id, /** @type {any} */ (who).name]));
  const handed = session.taken.map((one) => /** @type {[string, string]} */ ([one.visit.person, one.person.name]));
  return [...new Map([...pairs, ...handed])].sort((a, b) => a[1].localeCompare(b[1], "sv"));
}

const COMMON = ["no_answer", "declined", "fall", "medicine", "missed", "need", "wish", "late", "hospital", "away"];
/** The municipality's own reasons of a kind, in its words or the app's. @param {string} kind @returns {[string, string][]} */
export function reasons(kind) {
  const held = Object.entries(session.pack?.words?.[kind] ?? {});
  const place = (/** @type {string} */ code) => (code === "other" ? 99 : (COMMON.indexOf(code) + 99) % 99);
  const sorted = held.sort(([a], [b]) => place(a) - place(b));
  return sorted.map(([code, words]) => [code, say(`reason.${code}`, String(words))]);
}
