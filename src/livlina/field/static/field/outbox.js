// What has been done and written: events that are only ever added. Each is sealed to the municipality's key and signed
// before it is stored, so that it can be sent when the phone is locked, wiped or another's. It stays until a signed
// receipt with its own hash has come, and seven days more, in case the municipality must begin again from an older copy.
import { canonicalBytes, digest, text } from "./bytes.js";
import { now, stamp } from "./clock.js";
import { lockAway, sealTo, sign, takeOut } from "./sealing.js";
import { alone, all, asked, kept, tell, write } from "./store.js";

const KEPT_AFTER = 7 * 24 * 3600_000; // milliseconds a received event is kept
const INFO = "livlina field event 1";

/**
 * @typedef {{kind: string, person?: string | null, visit?: string | null, body: Record<string, any>}} Deed
 * @typedef {{id: string, phone: string, municipality: number, seq: number, kind: string, at: string,
 *   state: "waiting" | "received", sealed: any, own: any, receipt: any}} Row
 */

/**
 * Seal, sign and store an event. When this returns, the disk has it.
 * @param {import("./keys.js").Opened} opened @param {Deed} deed
 * @returns {Promise<any>} it, readable
 */
export async function record(opened, deed) {
  const made = await alone("outbox", () => recordAlone(opened, deed));
  tell("outbox");
  for (const hear of hearing) hear();
  return made;
}

/** @type {Set<() => void>} */
const hearing = new Set();
/** @param {() => void} hear */
export const onRecorded = (hear) => void hearing.add(hear);

/** @param {import("./keys.js").Opened} opened @param {Deed} deed */
async function recordAlone(opened, deed) {
  const me = await kept("me");
  const seq = ((await kept("seq")) ?? 0) + 1;
  const { kind, person = null, visit = null, body } = deed;
  const plain = { v: 1, id: crypto.randomUUID(), phone: me.phone, seq, kind, person, visit, at: stamp(), body };
  const row = {
    id: plain.id,
    phone: me.phone,
    municipality: me.municipality,
    seq,
    kind,
    at: plain.at,
    state: /** @type {"waiting"} */ ("waiting"),
    sealed: await sealed(opened, me, plain),
    own: await lockAway(opened.data, canonicalBytes(plain)),
    receipt: null,
  };
  await write(["keep", "outbox"], async (of) => {
    const last = (await asked(of("keep").get("seq"))) ?? 0;
    if (last !== seq - 1) throw new Error("Another tab wrote at the same time.");
    of("keep").put(seq, "seq");
    of("outbox").add(row);
  });
  return { ...plain, state: row.state, receipt: null };
}

/** @param {import("./keys.js").Opened} opened @param {any} me @param {any} plain */
async function sealed(opened, me, plain) {
  const bytes = canonicalBytes(plain);
  const { id, phone, seq } = plain;
  const hash = await digest(bytes);
  const parts = await sealTo(me.seal.public, INFO, canonicalBytes({ id, phone, seq, hash }), bytes);
  const envelope = { v: 1, id, phone, seq, hash, kid: me.seal.kid, ...parts };
  return { ...envelope, sig: await sign(opened.sign, canonicalBytes(envelope)) };
}

/** @returns {Promise<Row[]>} in the order they were made */
export async function rows() {
  return (await all("outbox")).sort((a, b) => (a.at === b.at ? a.seq - b.seq : a.at < b.at ? -1 : 1));
}

export const waiting = async () => (await rows()).filter((row) => row.state === "waiting");

/** What this phone's owner has done, readable: newest last. @param {CryptoKey} data @returns {Promise<any[]>} */
export async function own(data) {
  const read = [];
  for (const row of await rows()) {
    if (!row.own) continue;
    try {
      const plain = JSON.parse(text(await takeOut(data, row.own)));
      read.push({ ...plain, state: row.state, receipt: row.receipt });
    } catch {} // another carer's on the same phone
  }
  return read;
}

/** Mark what the municipality has signed for. @param {{id: string, number: number, verdict: string, words: string, at: string, hash: string}[]} receipts already verified */
export async function receive(receipts) {
  if (!receipts.length) return;
  await write(["outbox", "keep"], async (of) => {
    const newest = (await asked(of("keep").get("newest"))) ?? {};
    for (const receipt of receipts) {
      const row = await asked(of("outbox").get(receipt.id));
      if (!row || row.sealed.hash !== receipt.hash) continue;
      of("outbox").put({ ...row, state: "received", receipt: { ...receipt, got: now() } });
      if (receipt.number > (newest[row.phone]?.number ?? 0)) newest[row.phone] = { number: receipt.number, hash: receipt.hash };
    }
    of("keep").put(newest, "newest");
  });
}

/** Let everything the municipality no longer has a receipt for wait again. @param {string} phone @param {number} last the number of its own last receipt */
export async function sendAgainAfter(phone, last) {
  await write(["outbox", "keep"], async (of) => {
    const newest = (await asked(of("keep").get("newest"))) ?? {};
    let hash = "";
    for (const row of await asked(of("outbox").getAll())) {
      if (row.phone !== phone || row.state !== "received") continue;
      if (row.receipt.number === last) hash = row.sealed.hash;
      if (row.receipt.number > last) of("outbox").put({ ...row, state: "waiting", receipt: null });
    }
    of("keep").put({ ...newest, [phone]: { number: last, hash } }, "newest");
  });
}

/** Remove what was received long ago. What waits is never removed. */
export async function forgetOld() {
  const old = (await rows()).filter((row) => row.state === "received" && row.receipt.got + KEPT_AFTER < now());
  if (old.length) await write(["outbox"], (of) => old.forEach((row) => of("outbox").delete(row.id)));
}

/** Remove what can be read of the events; the sealed ones stay and can still be sent. */
export async function wipeReadable() {
  await write(["outbox"], async (of) => {
    for (const row of await asked(of("outbox").getAll())) if (row.own) of("outbox").put({ ...row, own: null });
  });
}
