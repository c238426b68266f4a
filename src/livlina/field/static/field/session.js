// Who holds the phone, and what is open: the keys and the shift's pack in memory, and nothing of them once it locks.
import { b64u, un64u } from "./bytes.js";
import { setBack, wind } from "./clock.js";
import * as keys from "./keys.js";
import { Away, post } from "./net.js";
import * as outbox from "./outbox.js";
import * as pack from "./pack.js";
import { keep, kept, write } from "./store.js";
import { t } from "./words.js";

export const IDLE = 5 * 60_000; // milliseconds without a touch

/** @type {{opened: keys.Opened | null, pack: any, deeds: any[], taken: any[], changes: Record<string, any>, me: any, needsSignIn: boolean, why: string, demo: boolean, bridge: string}} */
export const session = { opened: null, pack: null, deeds: [], taken: [], changes: {}, me: null, needsSignIn: false, why: "", demo: false, bridge: "" };

let touched = Date.now();

/** @returns {Promise<"new" | "locked" | "open" | "clock" | "revoked">} what the phone can show */
export async function standing() {
  session.me = (await kept("me")) ?? null;
  if (!session.me) return "new";
  if (session.me.revoked) return "revoked";
  if (setBack()) return "clock";
  return session.opened ? "open" : "locked";
}

/** @param {keys.Opened} opened */
export async function enter(opened) {
  session.opened = opened;
  touched = Date.now();
  await reload();
}

/** Read again what lies on the disk: another tab, or the municipality, may have changed it. */
export async function reload() {
  session.me = (await kept("me")) ?? null;
  if (!session.opened) return;
  const { data } = session.opened;
  session.pack = await pack.open(data);
  session.deeds = session.pack ? await outbox.own(data) : [];
  session.taken = session.pack ? ((await pack.beside(data, "taken")) ?? []) : [];
  session.changes = session.pack ? ((await pack.beside(data, "changes")) ?? {}) : {};
}

/** Forget everything that was open. */
export function lock() {
  Object.assign(session, { opened: null, pack: null, deeds: [], taken: [], changes: {} });
}

export const touch = () => void (touched = Date.now());
export const idle = () => session.opened !== null && Date.now() - touched > IDLE;

/** @param {outbox.Deed} deed @returns {Promise<any>} the event, which the disk has */
export async function record(deed) {
  if (!session.opened || !session.me) throw new Error("The phone is locked.");
  const made = await outbox.record(session.opened, deed);
  if (!session.deeds.some((one) => one.id === made.id)) session.deeds = [...session.deeds, made];
  return made;
}

/**
 * Make this phone known to the municipality, in the signed-in carer's name. New keys are made when there were none.
 * @param {{passkey?: keys.Way, code?: keys.Way}} ways
 * @returns {Promise<"ok" | "signed_out" | "refused">} Throws Away.
 */
export async function register(ways) {
  const opened = session.opened ?? (await keys.make(ways));
  const answer = await post("phone", { name: deviceName(), public: b64u(opened.public), phone: session.me?.phone ?? null });
  if (answer.status === 401) return "signed_out";
  if (!answer.ok) return refusal(answer);
  const told = await answer.json();
  const known = (/** @type {any} */ key) => ({ kid: key.kid, public: key.public });
  const me = { phone: told.phone, municipality: told.municipality, name: deviceName(), sign: known(told.sign) };
  await keep("me", { ...me, seal: { kid: told.seal.kid, public: un64u(told.seal.public) } });
  await enter(opened);
  return "ok";
}

/** @param {Response} answer @returns {Promise<"signed_out" | "refused">} */
async function refusal(answer) {
  const told = await answer.json().catch(() => ({}));
  const csrf = answer.status === 403 && !told.detail; // a page, not an answer: the browser's token was too old
  session.why = answer.status === 404 ? t("opening.not_carer") : (told.detail ?? "");
  return csrf ? "signed_out" : "refused";
}

/** Fetch the shift. @returns {Promise<"ok" | "signed_out" | "refused">} Throws Away and Forged. */
export async function fetchPack() {
  if (!session.opened || !session.me) return "refused";
  const answer = await post("pack", { phone: session.me.phone });
  session.needsSignIn = answer.status === 401;
  if (answer.status === 401) return "signed_out";
  if (!answer.ok) return refusal(answer);
  const before = session.pack;
  await pack.take(session.opened, await answer.json());
  session.why = "";
  await reload();
  if (before && before.shift.id === session.pack?.shift.id) await tellChanges(before, session.pack);
  return "ok";
}

/** Keep what the planner has changed since the shift was last fetched: a carer must see it, not guess it. @param {any} before @param {any} after */
async function tellChanges(before, after) {
  const changes = { ...session.changes };
  const now = new Map(after.visits.map((/** @type {any} */ one) => [one.id, one]));
  const own = session.deeds.filter((deed) => ["swap", "moved", "extra"].includes(deed.kind)); // told by the carer, not to her
  const mine = new Set(own.map((deed) => deed.visit));
  const extra = (/** @type {any} */ one) => one.kind === "extra" && own.some((deed) => deed.body.starts_at === one.starts_at);
  for (const one of before.visits) {
    const same = now.get(one.id);
    if (mine.has(one.id)) now.delete(one.id);
    else if (!same) changes[one.id] = { gone: before.persons[one.person]?.name ?? "", was: one.starts_at };
    else if (same.starts_at !== one.starts_at) changes[one.id] = { was: one.starts_at };
    now.delete(one.id);
  }
  for (const one of now.values()) if (!mine.has(one.id) && !extra(one)) changes[one.id] = { added: true };
  if (session.opened) await pack.putBeside(session.opened.data, "changes", changes);
  session.changes = changes;
}

/** @type {Set<() => void>} */
const hearing = new Set();
/** @param {() => void} hear called when the shift has been fetched behind what is shown */
export const onFresh = (hear) => void hearing.add(hear);

/** Fetch the shift if that can be done without a word; nobody waits for it. */
export async function refresh() {
  try {
    if (session.opened && session.me && (await fetchPack()) === "ok") for (const hear of hearing) hear();
  } catch (fault) {
    if (!(fault instanceof Away)) console.error(fault);
  }
}

/** Let another carer use the phone: everything goes but what has not been sent, which stays sealed and is sent. */
export async function handOver() {
  const me = await kept("me");
  await pack.wipe();
  const before = [...((await kept("before")) ?? []), { phone: me.phone, municipality: me.municipality, sign: me.sign }];
  await write(["keep"], (of) => {
    for (const name of ["me", "pair", "ways", "seq", "device"]) of("keep").delete(name);
    of("keep").put(before.slice(-20), "before");
  });
  lock();
}

function deviceName() {
  const known = /iPhone|iPad|Android|Windows|Mac|Linux/.exec(navigator.userAgent);
  return `${known ? known[0] : "Telefon"}`;
}

export { wind };
