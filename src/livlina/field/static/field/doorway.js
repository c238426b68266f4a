// Between the screens and the locks: which key opens which door, and what is carried between lock and municipality.
import { b64u, un64u } from "./bytes.js";
import { now, stamp } from "./clock.js";
import { claimsOf, DoorFault, faultWords, httpBridge, lend, openDoor, unseal, verifyLoan } from "./door.js";
import { dropTime, keepQuestion, timeFor } from "./doortime.js";
import { beside, putBeside } from "./pack.js";
import { record, session } from "./session.js";
import { tokens } from "./shift.js";
import { kept } from "./store.js";
import { run } from "./sync.js";
import { t } from "./words.js";

const SKEW = 120_000; // milliseconds
const UNSEALED = 15 * 60_000; // milliseconds a broken seal is good for
const AT_THE_DOOR = 6_000; // milliseconds one waits for the municipality's answer
const CHECK = 2; // the reason that a planned check on a night round is
const seconds = (at = now()) => Math.floor(at / 1000);

/** @typedef {{kind: string, token: string, loan?: string, from: string, until: string, locks: number[], sealed?: boolean}} Held */

/** The key that opens a lock now, or null; a sealed one is only for emergencies. @param {number} lock @returns {Held | null} */
export function tokenFor(lock) {
  const fits = (/** @type {Held} */ one) => !one.sealed && ((one.locks ?? []).includes(lock) || (one.kind === "round" && !one.locks?.length));
  const held = tokens().filter(fits);
  return held.find(holds) ?? held[0] ?? null;
}

/** @param {Held} one */
const holds = (one) => Date.parse(one.from) - SKEW <= now() && now() <= Date.parse(one.until) + SKEW;

/** The sealed key for emergencies that holds now, or null. @returns {Held | null} */
export const sealedToken = () => tokens().find((one) => one.sealed && one.kind === "emergency" && holds(one)) ?? null;

export const doorKey = () => {
  if (!session.opened) throw new DoorFault("locked_phone");
  return { privateKey: session.opened.sign, point: session.opened.public };
};

/** In a native shell the radio; else locks over the network, where there are such. */
function bridge() {
  const radio = /** @type {any} */ (globalThis).livlinaLocks;
  if (!radio && !session.bridge) throw new DoorFault("no_bridge");
  return radio ?? httpBridge(session.bridge);
}

/** What is carried to a lock; one that has asked for the time gets its own answer. @param {number} lock */
async function news(lock) {
  const [list, acks] = [await kept("revocations"), (await kept("acks")) ?? []];
  const time = (await timeFor(lock)) ?? (await kept("door_time"));
  return { lists: list ? [un64u(list)] : [], time: time ? un64u(time) : undefined, acks: acks.map(un64u) };
}

/** @typedef {{lock: number, action: "open" | "lock", token: Held | null, person: string | null, visit: string | null, unsealing?: Uint8Array<ArrayBuffer>, leading?: Uint8Array<ArrayBuffer>, reason?: number}} Turn */

/** Open or lock one door, and keep what the lock wrote, whether it opened or not; once more if it only lacked the time.
 * @param {Turn} asked @returns {Promise<string>} the lock's own time. Throws DoorFault. */
export async function turn(asked) {
  try {
    return await once(asked);
  } catch (fault) {
    if (!(await timeFetched(asked.lock, fault))) throw fault;
    return once(asked);
  }
}

/** A lock in doubt of its clock puts a question. It is kept, and put to the municipality at once if it can be reached;
 * else when there is a net, and the lock gets its answer the next time. @param {number} lock @param {unknown} fault */
async function timeFetched(lock, fault) {
  const question = /** @type {any} */ (fault).answer?.question;
  if (!question?.length) return false;
  await keepQuestion(lock, b64u(question));
  await Promise.race([run(), new Promise((done) => setTimeout(done, AT_THE_DOOR))]);
  return (await timeFor(lock)) !== undefined;
}

/** @param {Turn} asked @returns {Promise<string>} */
async function once({ lock, action, token, person, visit, unsealing, leading, reason }) {
  if (!token) throw new DoorFault("no_token");
  const chain = [token.token, token.loan].filter((one) => one !== undefined).map(un64u);
  const why = reason ?? (token.kind === "round" ? CHECK : 0);
  const keep = async (/** @type {import("./door.js").Answer | undefined} */ answer) => {
    if (!answer?.entries.length) return;
    await record({ kind: "opened", person, visit, body: { lock, entries: answer.entries.map(b64u) } });
  };
  try {
    const given = { bridge: bridge(), number: lock, key: doorKey(), chain, now: seconds(), reason: why, action, news: await news(lock), unsealing, leading };
    const answer = await openDoor(given);
    await keep(answer);
    await dropTime(lock);
    return stamp(answer.at * 1000);
  } catch (fault) {
    if (fault instanceof DoorFault) await keep(/** @type {any} */ (fault).answer);
    throw fault;
  }
}

/** Break an emergency key's seal, or use the one broken a moment ago. @param {Held} token @param {number} reason */
export async function broken(token, reason) {
  const { data } = /** @type {any} */ (session.opened);
  const before = await beside(data, "unsealed");
  if (before && before.token === token.token && now() - before.at < UNSEALED) return un64u(before.raw);
  const raw = await unseal({ key: doorKey(), token: un64u(token.token), now: seconds(), reason });
  await putBeside(data, "unsealed", { token: token.token, at: now(), raw: b64u(raw) });
  return raw;
}

/** What the municipality calls a key. @param {Held} token */
export const nameOf = (token) => [...claimsOf(un64u(token.token)).name].map((one) => one.toString(16).padStart(2, "0")).join("");

/** Lend a colleague's phone the keys of some locks, no longer than one's own hold. @param {number[]} locks @param {Uint8Array<ArrayBuffer>} to @returns {Promise<Held[]>} */
export async function lendKeys(locks, to) {
  const lent = [];
  for (const lock of locks) {
    const held = tokenFor(lock);
    if (!held || held.loan) continue; // a borrowed key cannot be lent again
    const claims = claimsOf(un64u(held.token));
    try {
      const loan = await lend({ key: doorKey(), token: un64u(held.token), to, doors: [lock], from: claims.from, until: claims.until });
      lent.push({ kind: held.kind, token: held.token, loan: b64u(loan), from: held.from, until: held.until, locks: [lock] });
    } catch (fault) {
      if (!(fault instanceof DoorFault)) throw fault; // of a kind that may not be lent: the visit goes over without it
    }
  }
  return lent;
}

/** Whether a lent key is one that the locks will take. @param {Held} held @returns {Promise<boolean>} */
export async function isGood(held) {
  try {
    const issuer = un64u(session.pack.issuer.public);
    await verifyLoan(un64u(held.loan ?? ""), un64u(held.token), issuer, seconds());
    return true;
  } catch {
    return false;
  }
}

/** Why a door did not open, for the carer. @param {unknown} fault @returns {string} */
export function refusal(fault) {
  const code = fault instanceof DoorFault ? fault.code : "unreachable";
  const own = t(`refused.${code}`);
  return own === `refused.${code}` ? faultWords(code) : own;
}
