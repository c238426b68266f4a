// Keys for the next shift, used when the municipality's system is down then: they outlive the pack, sealed on the phone, and
// open nothing before a leader has signed for them with her own phone. Names and signatures go as text, or in pictures.
import { b64u, text, un64u } from "./bytes.js";
import { now } from "./clock.js";
import { check, decode, kidOf, read, same } from "./cose.js";
import { claimsOf, lead } from "./door.js";
import { doorKey } from "./doorway.js";
import { takeOut } from "./sealing.js";
import { session } from "./session.js";
import { keep, kept } from "./store.js";

const NAME = "LF1."; // of a key that waits to be opened
const LED = "LL1."; // a leader's signature
const NAME_SIZE = 16; // bytes
const MOST = 64; // keys opened by one signature
const LEADS_FOR = 14 * 3600; // seconds
const BEFORE = 3600; // seconds: a lock's clock may lag, and no signed time reaches it in an outage

/** @typedef {import("./doorway.js").Held} Held */

/** The key for the next shift, or null. @returns {Promise<Held | null>} */
export async function nextKey() {
  const held = await kept("next_keys");
  if (!held || !session.opened || now() > held.until) return null;
  return JSON.parse(text(await takeOut(session.opened.data, held)))[0] ?? null;
}

/** What a leader needs to open a key. @param {Held} key @returns {string} */
export const nameText = (key) => NAME + b64u(claimsOf(un64u(key.token)).name);

/** The leader's signature that is held for a key, or undefined. @param {Held} key @returns {Promise<Uint8Array<ArrayBuffer> | undefined>} */
export async function leadingFor(key) {
  const held = await kept("next_leading");
  return held && (await opens(key, held)) ? un64u(held) : undefined;
}

/** @param {Held} key @param {string} whole what a leader's phone has shown @returns {Promise<boolean>} whether it opens the key */
export async function takeLeading(key, whole) {
  const told = whole.replace(/\s+/g, "");
  if (!told.startsWith(LED) || !(await opens(key, told.slice(LED.length)))) return false;
  await keep("next_leading", told.slice(LED.length));
  return true;
}

/** @param {Held} key @param {string} leading b64u */
async function opens(key, leading) {
  try {
    const [claims, one] = [claimsOf(un64u(key.token)), read(un64u(leading), "livlina-lead")];
    const [leader, names, , until] = decode(one.payload);
    await check(one, leader);
    const kid = await kidOf(leader);
    const named = claims.leaders.some((held) => same(held.slice(0, kid.length), kid));
    return named && names.some((/** @type {any} */ name) => same(name, claims.name)) && until * 1000 > now();
  } catch {
    return false;
  }
}

/** Open colleagues' keys, as their leader. @param {string} words their names, with anything between them @returns {Promise<string | null>} null when there is no name among them */
export async function leadKeys(words) {
  const found = words.split(/[\s,;]+/).filter((one) => one.startsWith(NAME));
  const unique = [...new Set(found.map((one) => one.slice(NAME.length)))].slice(0, MOST);
  try {
    const names = unique.map(un64u).filter((one) => one.length === NAME_SIZE);
    if (!names.length) return null;
    const from = Math.floor(now() / 1000) - BEFORE;
    return LED + b64u(await lead({ key: doorKey(), names, from, until: from + LEADS_FOR }));
  } catch {
    return null;
  }
}
