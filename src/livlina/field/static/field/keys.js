// The phone's own keys. At rest the signing key lies wrapped by the data key, and the data key by each way to open it: a
// passkey's PRF secret, or a code. Unwrapped, neither can be exported: a stolen, locked phone signs and opens nothing.
import { random, utf8 } from "./bytes.js";
import { asked, keep, kept, write } from "./store.js";

export const TRIES = 8;
export const SHORTEST = 6;
const ROUNDS = 600_000;
const WRAP = "AES-GCM";
const PAIR = { name: "ECDSA", namedCurve: "P-256" };

/** @typedef {{data: CryptoKey, sign: CryptoKey, agree: CryptoKey, public: Uint8Array<ArrayBuffer>}} Opened */
/** @typedef {{key: CryptoKey, facts: Record<string, any>}} Way how a key that wraps the data key was come by */

/** A code that opened nothing; `left` tries remain. */
export class WrongCode extends Error {
  /** @param {number} left */
  constructor(left) {
    super("The code was not the right one.");
    this.left = left;
  }
}

/** @param {ArrayBuffer | Uint8Array<ArrayBuffer>} secret the authenticator's 32 bytes @param {string} credential @returns {Promise<Way>} */
export async function byPasskey(secret, credential) {
  const base = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  const way = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(32), info: utf8("livlina field data key 1") };
  const key = await crypto.subtle.deriveKey(way, base, { name: WRAP, length: 256 }, false, ["wrapKey", "unwrapKey"]);
  return { key, facts: { credential } };
}

/** @returns {Promise<CryptoKey>} the phone's own secret, without which a code opens nothing anywhere else */
async function deviceSecret() {
  const held = await kept("device");
  if (held) return held;
  const made = await crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  await keep("device", made);
  return made;
}

/** @param {string} code @param {Uint8Array<ArrayBuffer>} [salt] @returns {Promise<Way>} about half a second */
export async function byCode(code, salt = random(16)) {
  const base = await crypto.subtle.importKey("raw", utf8(code.normalize("NFC")), "PBKDF2", false, ["deriveBits"]);
  const slow = await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS }, base, 256);
  const mixed = await crypto.subtle.sign("HMAC", await deviceSecret(), slow);
  const key = await crypto.subtle.importKey("raw", mixed, WRAP, false, ["wrapKey", "unwrapKey"]);
  return { key, facts: { salt } };
}

/** Whether a code is too easily guessed: short, one sign over and over, or signs in order. @param {string} code */
export function tooSimple(code) {
  const steps = new Set([...code].slice(1).map((sign, at) => sign.charCodeAt(0) - code.charCodeAt(at)));
  const repeated = /^(.{1,3})\1+$/.test(code);
  return code.length < SHORTEST || repeated || (steps.size === 1 && Math.abs([...steps][0]) <= 1);
}

/** @param {CryptoKey} data @param {Way} way */
async function wrapped(data, way) {
  const iv = random(12);
  return { ...way.facts, iv, wrapped: await crypto.subtle.wrapKey("raw", data, way.key, { name: WRAP, iv }) };
}

/** Make the phone's keys and open them. Wipes older ones. @param {{passkey?: Way, code?: Way}} ways @returns {Promise<Opened>} */
export async function make(ways) {
  const data = await crypto.subtle.generateKey({ name: WRAP, length: 256 }, true, ["wrapKey", "unwrapKey"]);
  const pair = await crypto.subtle.generateKey(PAIR, true, ["sign"]);
  const iv = random(12);
  const secret = await crypto.subtle.wrapKey("pkcs8", pair.privateKey, data, { name: WRAP, iv });
  const point = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  /** @type {Record<string, any>} */
  const doors = {};
  if (ways.passkey) doors.passkey = await wrapped(data, ways.passkey);
  if (ways.code) doors.code = { ...(await wrapped(data, ways.code)), failures: 0 };
  await write(["keep"], (of) => {
    of("keep").put({ iv, secret, public: point }, "pair");
    of("keep").put(doors, "ways");
  });
  return opening(ways.passkey ? doors.passkey : doors.code, /** @type {Way} */ (ways.passkey ?? ways.code));
}

/** @returns {Promise<{passkey?: any, code?: any}>} how this phone can be opened */
export const ways = async () => (await kept("ways")) ?? {};

/** @param {any} door @param {Way} way @returns {Promise<Opened>} */
async function opening(door, way) {
  const key = { name: WRAP, iv: door.iv };
  const data = await crypto.subtle.unwrapKey("raw", door.wrapped, way.key, key, WRAP, false, ["encrypt", "decrypt", "unwrapKey"]);
  const pair = await kept("pair");
  const held = { name: WRAP, iv: pair.iv };
  const ecdh = { name: "ECDH", namedCurve: "P-256" };
  const sign = await crypto.subtle.unwrapKey("pkcs8", pair.secret, data, held, PAIR, false, ["sign"]);
  const agree = await crypto.subtle.unwrapKey("pkcs8", pair.secret, data, held, ecdh, false, ["deriveBits"]);
  return { data, sign, agree, public: pair.public };
}

/** @param {ArrayBuffer | Uint8Array<ArrayBuffer>} secret @param {string} credential @returns {Promise<Opened>} */
export async function openByPasskey(secret, credential) {
  return opening((await ways()).passkey, await byPasskey(secret, credential));
}

/** Open with the code. The try is counted before it is made, so that a phone switched off in between has used it up.
 * @param {string} code @returns {Promise<Opened>} */
export async function openByCode(code) {
  const door = await countTry();
  try {
    const opened = await opening(door, await byCode(code, door.salt));
    await setFailures(0);
    return opened;
  } catch {
    const left = TRIES - door.failures;
    if (left <= 0) await forgetCode();
    throw new WrongCode(Math.max(left, 0));
  }
}

/** @returns {Promise<any>} the code's door with this try counted */
async function countTry() {
  let door = /** @type {any} */ (null);
  await write(["keep"], async (of) => {
    const held = (await asked(of("keep").get("ways"))) ?? {};
    if (!held.code || held.code.failures >= TRIES) return;
    held.code.failures += 1;
    door = held.code;
    of("keep").put(held, "ways");
  });
  if (!door) throw new WrongCode(0);
  return door;
}

/** @param {number} count */
async function setFailures(count) {
  const held = await ways();
  if (held.code) await keep("ways", { ...held, code: { ...held.code, failures: count } });
}

async function forgetCode() {
  const { code, ...rest } = await ways();
  await keep("ways", rest);
}

/** Give an opened phone a second way in. @param {"passkey" | "code"} from @param {Way} old @param {"passkey" | "code"} to @param {Way} added */
export async function addWay(from, old, to, added) {
  const held = await ways();
  const door = held[from];
  const uses = /** @type {KeyUsage[]} */ (["wrapKey", "unwrapKey"]);
  const data = await crypto.subtle.unwrapKey("raw", door.wrapped, old.key, { name: WRAP, iv: door.iv }, WRAP, true, uses);
  const made = await wrapped(data, added);
  await keep("ways", { ...held, [to]: to === "code" ? { ...made, failures: 0 } : made });
}
