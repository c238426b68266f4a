// Strict CBOR (RFC 8949) and COSE_Sign1 with ES256 (RFC 9052): what locks and phones say to each other is spelled so.
// The same rules as provider/doors/protocol/{cbor,cose}.py: one value, one spelling; all else is refused. Two readers who
// read the same bytes differently are a hole in a door.
//
//   encode(value) -> bytes            integers, bytes, texts, booleans, null, arrays, Maps (keys: integers or texts)
//   decode(bytes) -> value            throws DoorFault("malformed" | "too_large")
//   sign1(payload, {key, typ})        a tagged COSE_Sign1; key = {privateKey, point}
//   read(bytes, typ) -> Signed        unchecked; check(signed, point) throws DoorFault("signature")
import * as cborg from "./vendor/cborg.min.js";

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */
/** @typedef {{privateKey: CryptoKey, point: Bytes}} DoorKey a P-256 key (usage "sign") and its point of 65 bytes */
/** @typedef {{raw: Bytes, kid: Bytes, protected: Bytes, payload: Bytes, signature: Bytes}} Signed */

const LONGEST = 16_384;
const DEEPEST = 8;
const TAG = 0xd2;
const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const ES256 = { name: "ECDSA", hash: "SHA-256" };
const STRICT = {
  strict: true, useMaps: true, rejectDuplicateMapKeys: true, allowIndefinite: false, allowUndefined: false,
  allowInfinity: false, allowNaN: false, allowBigInt: false,
};

/** Why a door did not open, or what was read does not hold. `code` has its words in door.js. */
export class DoorFault extends Error {
  /** @param {string} code */
  constructor(code) {
    super(`The door protocol says: ${code}.`);
    this.code = code;
  }
}

/** @param {unknown} value @param {number} depth @returns {boolean} whether it is made only of what is sent to locks */
function plain(value, depth) {
  if (value === null || typeof value === "boolean" || typeof value === "string" || value instanceof Uint8Array) return true;
  if (typeof value === "number") return Number.isSafeInteger(value) && !Object.is(value, -0);
  if (depth === 0) return false;
  if (Array.isArray(value)) return value.every((one) => plain(one, depth - 1));
  if (!(value instanceof Map)) return false;
  return [...value].every(([key, held]) => ["number", "string"].includes(typeof key) && plain(key, 0) && plain(held, depth - 1));
}

/** @param {Bytes} a @param {Bytes} b @returns {boolean} */
export function same(a, b) {
  return a.length === b.length && a.every((one, at) => one === b[at]);
}

/** @param {unknown} value @returns {Bytes} its one spelling; throws TypeError when it has none here */
export function encode(value) {
  if (!plain(value, DEEPEST)) throw new TypeError("Only integers, bytes, texts, truth values, lists and maps are sent to locks.");
  return Uint8Array.from(cborg.encode(value));
}

/** @param {Bytes} raw @returns {any} what the bytes spell; throws DoorFault */
export function decode(raw) {
  if (raw.length > LONGEST) throw new DoorFault("too_large");
  let value;
  try {
    value = cborg.decode(raw, STRICT);
  } catch {
    throw new DoorFault("malformed");
  }
  if (!plain(value, DEEPEST) || !same(encode(value), raw)) throw new DoorFault("malformed");
  return value;
}

/** @param {Bytes} data @returns {Promise<Bytes>} */
export async function sha256(data) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", data));
}

/** What a key is called in headers: the beginning of its thumbprint. @param {Bytes} point @returns {Promise<Bytes>} */
export async function kidOf(point) {
  return (await sha256(point)).slice(0, 8);
}

/** @param {DoorKey} key @param {Bytes} data @returns {Promise<Bytes>} 64 bytes */
export async function signed(key, data) {
  return new Uint8Array(await crypto.subtle.sign(ES256, key.privateKey, data));
}

/** @type {Map<string, Promise<CryptoKey>>} */
const points = new Map();

/** @param {Bytes} point @param {Bytes} signature @param {Bytes} data @returns {Promise<boolean>} never throws */
export async function verifies(point, signature, data) {
  if (point.length !== 65 || signature.length !== 64) return false;
  const name = point.join();
  if (!points.has(name)) {
    if (points.size > 200) points.clear();
    points.set(name, crypto.subtle.importKey("raw", point, CURVE, false, ["verify"]));
  }
  try {
    return await crypto.subtle.verify(ES256, /** @type {CryptoKey} */ (await points.get(name)), signature, data);
  } catch {
    return false; // not a point of the curve
  }
}

const P = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

/** Whether 65 bytes are a point of P-256: nothing is bound to a key that cannot be. @param {Bytes} point @returns {boolean} */
export function isPoint(point) {
  const number = (/** @type {Bytes} */ part) => BigInt(`0x${[...part].map((one) => one.toString(16).padStart(2, "0")).join("")}`);
  if (point.length !== 65 || point[0] !== 4) return false;
  const [x, y] = [number(point.slice(1, 33)), number(point.slice(33))];
  return x < P && y < P && (y * y - (x * x * x - 3n * x + B)) % P === 0n;
}

/** @param {Bytes} header @param {Bytes} payload @returns {Bytes} */
function toSign(header, payload) {
  return encode(["Signature1", header, new Uint8Array(0), payload]);
}

/** @param {Bytes} payload @param {{key: DoorKey, typ: number | string}} by @returns {Promise<Bytes>} */
export async function sign1(payload, { key, typ }) {
  const header = encode(new Map(/** @type {[number, unknown][]} */ ([[1, -7], [4, await kidOf(key.point)], [16, typ]])));
  const body = encode([header, new Map(), payload, await signed(key, toSign(header, payload))]);
  return Uint8Array.from([TAG, ...body]);
}

/** @param {Bytes} raw @param {number | string} typ @returns {Signed} unchecked; throws DoorFault("malformed" | "header") */
export function read(raw, typ) {
  if (raw[0] !== TAG) throw new DoorFault("malformed");
  const parts = decode(raw.slice(1));
  if (!Array.isArray(parts) || parts.length !== 4) throw new DoorFault("malformed");
  const [header, open, payload, signature] = parts;
  const bytes = [header, payload, signature].every((one) => one instanceof Uint8Array);
  if (!bytes || !(open instanceof Map) || open.size) throw new DoorFault("malformed");
  const said = decode(header);
  const kid = said instanceof Map && said.size === 3 ? said.get(4) : null;
  if (!(kid instanceof Uint8Array) || kid.length !== 8) throw new DoorFault("header");
  if (said.get(1) !== -7 || said.get(16) !== typ) throw new DoorFault("header");
  return { raw, kid: /** @type {Bytes} */ (kid), protected: header, payload, signature };
}

/** @param {Signed} one @param {Bytes} point @returns {Promise<void>} throws DoorFault("signature") */
export async function check(one, point) {
  if (!(await verifies(point, one.signature, toSign(one.protected, one.payload)))) throw new DoorFault("signature");
}
