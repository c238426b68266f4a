// A visit handed from phone to phone, with no server: what the colleague needs to know and the keys she may borrow,
// signed by the giver, sealed to the taker's phone, as text short enough for a few QR pictures.
import { b64u, canonicalBytes, text, un64u, utf8 } from "./bytes.js";
import { now, stamp } from "./clock.js";
import { isGood, lendKeys } from "./doorway.js";
import { beside, putBeside } from "./pack.js";
import { sealTo, sign, unseal, verifies } from "./sealing.js";
import { record, session } from "./session.js";
import { person } from "./shift.js";

const INFO = "livlina field visit 1";
const MARK = "LV1";
const PICTURE = 600; // signs in one QR picture: still read by a worn camera
const HOLDS = 4 * 3600_000; // milliseconds a handing over can be taken
const NOTES = 6;
const SIGNATURE = 64; // bytes

/** What was handed over is not to be taken; `code` is a key of the words "receive.*". */
export class NotTaken extends Error {
  /** @param {string} code */
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/** @param {Uint8Array<ArrayBuffer>} bytes @param {GenericTransformStream} way @returns {Promise<Uint8Array<ArrayBuffer>>} */
async function through(bytes, way) {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(/** @type {any} */ (way))).arrayBuffer());
}

/** @param {any} visit @param {{name: string, phone_id: string, public: string}} colleague @returns {Promise<string>} */
export async function give(visit, colleague) {
  const { opened, me, pack } = session;
  if (!opened) throw new Error("locked");
  const who = person(visit.person);
  const { given, planned_at, ...plain } = visit;
  const needed = { ...who, notes: (who.notes ?? []).slice(0, NOTES) };
  const numbers = (who.locks ?? []).map((/** @type {any} */ lock) => lock.number);
  const tokens = await lendKeys(numbers, un64u(colleague.public));
  const from = { phone: me.phone, name: pack.carer.name };
  const told = { v: 1, at: stamp(), to: colleague.phone_id, from, visit: plain, person: needed, tokens };
  const bytes = canonicalBytes(told);
  const signed = new Uint8Array([...un64u(await sign(opened.sign, bytes)), ...bytes]);
  const small = await through(signed, new CompressionStream("deflate-raw"));
  const sealed = await sealTo(un64u(colleague.public), INFO, utf8(colleague.phone_id), small);
  const whole = [MARK, sealed.epk, sealed.iv, sealed.ct].join(".");
  await putBeside(opened.data, `handed-${visit.id}`, { whole, name: colleague.name }); // first: told of, it must be showable
  await record({ kind: "swap", person: visit.person, visit: visit.id, body: { to: colleague.phone_id, from: me.phone } });
  return whole;
}

/** What was handed over, to be shown again. @param {string} id a visit @returns {Promise<{whole: string, name: string} | null>} */
export const handed = async (id) => (session.opened ? beside(session.opened.data, `handed-${id}`) : null);

/** @param {string} whole @returns {string[]} as many pictures as it takes, each saying which it is */
export function pictures(whole) {
  const parts = Math.ceil(whole.length / PICTURE);
  const cut = (/** @type {number} */ at) => whole.slice(at * PICTURE, (at + 1) * PICTURE);
  return Array.from({ length: parts }, (_, at) => `${MARK}/${at + 1}/${parts}/${cut(at)}`);
}

/** Gather pictures as they are read, in any order. @param {Map<number, string>} held @param {string} read @returns {{whole: string | null, all: number}} */
export function gather(held, read) {
  const found = /^LV1\/(\d+)\/(\d+)\/(.+)$/s.exec(read.trim());
  if (!found) return { whole: read.trim().startsWith(`${MARK}.`) ? read.trim() : null, all: 0 };
  held.set(Number(found[1]), found[3]);
  const all = Number(found[2]);
  const whole = held.size === all ? [...held].sort(([a], [b]) => a - b).map(([, part]) => part).join("") : null;
  return { whole, all };
}

/** @param {string} handed @returns {Promise<any>} the visit taken over. Throws NotTaken. */
export async function take(handed) {
  const told = await readHanded(handed.replace(/\s+/g, ""));
  const { data } = /** @type {any} */ (session.opened);
  const held = ((await beside(data, "taken")) ?? []).filter((/** @type {any} */ one) => one.visit.id !== told.visit.id);
  const tokens = [];
  for (const one of told.tokens) if (await isGood(one)) tokens.push(one);
  await putBeside(data, "taken", [...held, { visit: told.visit, person: told.person, from: told.from, tokens }]);
  await record({ kind: "swap", person: told.visit.person, visit: told.visit.id, body: { to: session.me.phone, from: told.from.phone } });
  return told;
}

/** @param {string} handed */
async function readHanded(handed) {
  const [mark, epk, iv, ct] = handed.split(".");
  if (mark !== MARK || !ct || !session.opened) throw new NotTaken("not_ours");
  let signed;
  let told;
  try {
    const small = await unseal(session.opened.agree, INFO, utf8(session.me.phone), { epk, iv, ct });
    signed = await through(small, new DecompressionStream("deflate-raw"));
    told = JSON.parse(text(signed.subarray(SIGNATURE)));
  } catch {
    throw new NotTaken("not_ours");
  }
  const giver = session.pack.colleagues.find((/** @type {any} */ one) => one.phone_id === told.from.phone);
  if (!giver) throw new NotTaken("unknown");
  if (!(await verifies(giver.public, b64u(signed.slice(0, SIGNATURE)), signed.slice(SIGNATURE))) || told.to !== session.me.phone) throw new NotTaken("not_ours");
  if (Math.abs(now() - Date.parse(told.at)) > HOLDS) throw new NotTaken("late");
  return told;
}
