// Sealing to somebody's public key: a fresh key pair, ECDH, HKDF-SHA256, AES-256-GCM. Only the holder of the private
// half can open it: the municipality (an event), or a colleague's phone (a visit handed over).
import { b64u, random, un64u, utf8 } from "./bytes.js";

const CURVE = { name: "ECDH", namedCurve: "P-256" };
const SIGNING = { name: "ECDSA", namedCurve: "P-256" };
const ES256 = { name: "ECDSA", hash: "SHA-256" };

/** @param {CryptoKey} own @param {CryptoKey} theirs @param {string} info @returns {Promise<CryptoKey>} */
async function agreed(own, theirs, info) {
  const bits = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, own, 256);
  const base = await crypto.subtle.importKey("raw", bits, "HKDF", false, ["deriveKey"]);
  const way = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(32), info: utf8(info) };
  return crypto.subtle.deriveKey(way, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/**
 * @param {Uint8Array<ArrayBuffer>} point the receiver's public key
 * @param {string} info @param {Uint8Array<ArrayBuffer>} beside authenticated, not hidden
 * @param {Uint8Array<ArrayBuffer>} plain
 * @returns {Promise<{epk: string, iv: string, ct: string}>}
 */
export async function sealTo(point, info, beside, plain) {
  const theirs = await crypto.subtle.importKey("raw", point, CURVE, false, []);
  const fresh = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
  const key = await agreed(fresh.privateKey, theirs, info);
  const iv = random(12);
  const ct = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: beside }, key, plain);
  return { epk: b64u(await crypto.subtle.exportKey("raw", fresh.publicKey)), iv: b64u(iv), ct: b64u(ct) };
}

/**
 * @param {CryptoKey} own @param {string} info @param {Uint8Array<ArrayBuffer>} beside
 * @param {{epk: string, iv: string, ct: string}} sealed
 */
export async function unseal(own, info, beside, sealed) {
  const theirs = await crypto.subtle.importKey("raw", un64u(sealed.epk), CURVE, false, []);
  const key = await agreed(own, theirs, info);
  const way = { name: "AES-GCM", iv: un64u(sealed.iv), additionalData: beside };
  return new Uint8Array(await crypto.subtle.decrypt(way, key, un64u(sealed.ct)));
}

/** @param {CryptoKey} key @param {Uint8Array<ArrayBuffer>} bytes @returns {Promise<string>} */
export async function sign(key, bytes) {
  return b64u(await crypto.subtle.sign(ES256, key, bytes));
}

/** @param {string} point b64u @param {string} signature b64u @param {Uint8Array<ArrayBuffer>} bytes @returns {Promise<boolean>} */
export async function verifies(point, signature, bytes) {
  try {
    const key = await crypto.subtle.importKey("raw", un64u(point), SIGNING, false, ["verify"]);
    return await crypto.subtle.verify(ES256, key, un64u(signature), bytes);
  } catch {
    return false; // not a point, not a signature
  }
}

/** @param {CryptoKey} key @param {Uint8Array<ArrayBuffer>} plain @returns {Promise<{iv: Uint8Array<ArrayBuffer>, ct: ArrayBuffer}>} */
export async function lockAway(key, plain) {
  const iv = random(12);
  return { iv, ct: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, plain) };
}

/** @param {CryptoKey} key @param {{iv: Uint8Array<ArrayBuffer>, ct: ArrayBuffer}} held */
export async function takeOut(key, held) {
  return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: held.iv }, key, held.ct));
}
