// The shift's pack: what is needed for the visits of one shift, signed by the municipality, sealed on the phone, gone two
// hours after the shift.
import { text, un64u, utf8 } from "./bytes.js";
import { now, raise, setBack, stamp } from "./clock.js";
import { wipeReadable } from "./outbox.js";
import { lockAway, takeOut, verifies } from "./sealing.js";
import { keep, kept, read, write } from "./store.js";

/** The pack is not one of the municipality's for this phone. */
export class Forged extends Error {}

/**
 * Keep a pack that has come, if it is signed for this phone and newer than the one held.
 * @param {import("./keys.js").Opened} opened @param {{payload: string, kid: string, signature: string}} answer
 */
export async function take(opened, answer) {
  const me = await kept("me");
  const bytes = un64u(answer.payload);
  const known = me.sign.kid === answer.kid ? me.sign.public : "";
  if (!(await verifies(known, answer.signature, bytes))) throw new Forged("signature");
  const pack = JSON.parse(text(bytes));
  if (pack.v !== 1 || pack.phone !== me.phone) throw new Forged("phone");
  const held = await read("pack", "pack");
  if (held && Date.parse(held.made) > Date.parse(pack.made_at)) return;
  const sealed = await lockAway(opened.data, bytes);
  const next = await beyond(opened.data, pack.tokens ?? []);
  const row = { ...sealed, made: pack.made_at, until: Date.parse(pack.until), shift: pack.shift.id };
  await write(["pack", "keep"], (of) => {
    of("pack").put(row, "pack");
    if (next) of("keep").put(next, "next_keys");
    else of("keep").delete("next_keys");
    if (pack.revocations) of("keep").put(pack.revocations, "revocations");
    if (pack.door_time) of("keep").put(pack.door_time, "door_time");
  });
  await raise(pack.made_at);
}

/** The keys for the next shift, sealed: they are kept until they end, however the pack ends. @param {CryptoKey} data @param {any[]} tokens */
async function beyond(data, tokens) {
  const next = tokens.filter((one) => one.kind === "continuation");
  if (!next.length) return null;
  return { ...(await lockAway(data, utf8(JSON.stringify(next)))), until: Math.max(...next.map((one) => Date.parse(one.until))) };
}

/** @param {CryptoKey} data @returns {Promise<any>} the pack, or null: none, over, or the clock is set back */
export async function open(data) {
  if (setBack() || (await wipeIfOver())) return null;
  const held = await read("pack", "pack");
  return held ? JSON.parse(text(await takeOut(data, held))) : null;
}

/** What can be said of the pack without opening it. @returns {Promise<{made: string, until: number, shift: string} | null>} */
export async function facts() {
  const held = await read("pack", "pack");
  return held ? { made: held.made, until: held.until, shift: held.shift } : null;
}

/** @returns {Promise<boolean>} whether there was a pack whose time is over */
export async function wipeIfOver() {
  const [held, next] = [await facts(), await kept("next_keys")];
  if (next && now() > next.until) await dropNext();
  if (!held || now() < held.until) return false;
  await wipe(false);
  return true;
}

async function dropNext() {
  await write(["keep"], (of) => ["next_keys", "next_leading"].forEach((name) => of("keep").delete(name)));
}

/** Remove the pack, visits taken over, drafts and everything readable. Unsent events stay, sealed.
 * @param {boolean} [keys] the keys for the next shift too: not when only the shift is over */
export async function wipe(keys = true) {
  if (keys) await dropNext();
  await write(["pack"], (of) => void of("pack").clear());
  await wipeReadable();
  await keep("wiped", stamp());
}

/** A visit taken over from a colleague lies beside the pack, sealed alike. @param {CryptoKey} data @param {string} name @param {any} value */
export async function putBeside(data, name, value) {
  const sealed = await lockAway(data, new TextEncoder().encode(JSON.stringify(value)));
  await write(["pack"], (of) => void of("pack").put(sealed, name));
}

/** @param {CryptoKey} data @param {string} name @returns {Promise<any>} null when there is none */
export async function beside(data, name) {
  const held = await read("pack", name);
  if (!held) return null;
  try {
    return JSON.parse(text(await takeOut(data, held)));
  } catch {
    return null;
  }
}

/** @param {string} name */
export async function dropBeside(name) {
  await write(["pack"], (of) => void of("pack").delete(name));
}
