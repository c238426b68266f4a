// Bytes, text and the one way of writing JSON that both sides sign (homecare/sync/: canonical).

/** @param {ArrayBuffer | Uint8Array<ArrayBuffer>} data @returns {string} base64url without padding */
export function b64u(data) {
  const bytes = data instanceof Uint8Array ? data : new Uint8Array(data);
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @param {string} text @returns {Uint8Array<ArrayBuffer>} */
export function un64u(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

/** @param {ArrayBuffer | Uint8Array<ArrayBuffer>} data @returns {string} */
export function hex(data) {
  const bytes = data instanceof Uint8Array ? data : new Uint8Array(data);
  return [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
}

/** @param {string} text @returns {Uint8Array<ArrayBuffer>} */
export function utf8(text) {
  return Uint8Array.from(new TextEncoder().encode(text));
}

/** @param {ArrayBuffer | Uint8Array<ArrayBuffer>} data @returns {string} */
export function text(data) {
  return new TextDecoder("utf-8", { fatal: true }).decode(data);
}

/**
 * JSON with keys sorted, no spaces, and whole numbers only: the bytes that are hashed and signed.
 * @param {unknown} value
 * @returns {string}
 */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value && typeof value === "object") {
    const members = Object.entries(value).filter(([, held]) => held !== undefined);
    members.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${members.map(([name, held]) => `${JSON.stringify(name)}:${canonical(held)}`).join(",")}}`;
  }
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw new TypeError("Only whole numbers are signed.");
  return JSON.stringify(value ?? null);
}

/** @param {unknown} value @returns {Uint8Array<ArrayBuffer>} */
export function canonicalBytes(value) {
  return utf8(canonical(value));
}

/** @param {Uint8Array<ArrayBuffer>} bytes @returns {Promise<string>} in hexadecimals */
export async function digest(bytes) {
  return hex(await crypto.subtle.digest("SHA-256", bytes));
}

/** @param {number} count @returns {Uint8Array<ArrayBuffer>} */
export function random(count) {
  return crypto.getRandomValues(new Uint8Array(count));
}

/** Text that can be written as UTF-8 both here and in Python: half a surrogate pair is not. @param {string} typed */
export function wellFormed(typed) {
  return typed.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, "\uFFFD");
}
